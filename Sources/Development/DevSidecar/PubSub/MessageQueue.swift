/// Messages in the order of their arrival.
struct MessageQueue: Sendable {
  private var messages: [Message?] = []
  private var head = 0

  var count: Int { messages.count - head }
  var isEmpty: Bool { head == messages.count }
  var first: Message? { head < messages.count ? messages[head] : nil }

  mutating func append(_ message: Message) {
    messages.append(message)
  }

  /// Puts messages back before all others.
  mutating func putBack(_ returned: [Message]) {
    guard !returned.isEmpty else { return }
    messages.replaceSubrange(..<head, with: returned.map { $0 })
    head = 0
  }

  mutating func popFirst() -> Message? {
    guard head < messages.count else { return nil }
    let message = messages[head]
    messages[head] = nil
    head += 1
    // Compacted only when most of it is free, so that each message is moved about once.
    if head > 64, head * 2 > messages.count {
      messages.removeFirst(head)
      head = 0
    }
    return message
  }

  /// Takes out the message at a distance from the head, and the first one replaces it.
  mutating func pop(at distance: Int) -> Message? {
    guard distance > 0, distance < count else { return popFirst() }
    messages.swapAt(head, head + distance)
    return popFirst()
  }
}
