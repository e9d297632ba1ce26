/// Messages in the order of their coming.
struct MessageQueue: Sendable {
  private var messages: [Message?] = []
  private var head = 0

  var count: Int { messages.count - head }
  var first: Message? { head < messages.count ? messages[head] : nil }

  mutating func append(_ message: Message) {
    messages.append(message)
  }

  mutating func popFirst() -> Message? {
    guard head < messages.count else { return nil }
    let message = messages[head]
    messages[head] = nil
    head += 1
    // Moved together only when most of it is room already given up, so that each message is moved about once.
    if head > 64, head * 2 > messages.count {
      messages.removeFirst(head)
      head = 0
    }
    return message
  }
}
