/// The maximum number of bulk deliveries of events that a replica had in flight at once, read from a world's story.
struct DeliveriesAtOnce {
  private static let topics = ["mastery.requests", "learning.completion", "learning.quiz"]

  private(set) var most = 0
  private var events: Set<Substring> = []
  /// The deliveries in flight, by replica.
  private var open: [Substring: Set<Substring>] = [:]

  init(_ story: [String]) {
    for line in story { read(line.split(separator: " ")) }
  }

  private mutating func read(_ words: [Substring]) {
    let words = words.dropFirst()
    guard let first = words.first, let number = words.dropFirst().first else { return }
    switch (first, words.dropFirst(2).first) {
    case ("event", _):
      // Deferred events and dead letters are delivered singly from then on.
      let comesSingly =
        words.suffix(2).elementsEqual(["is", "deferred"]) || words.suffix(3).elementsEqual(["goes", "to", "mastery.dlq"])
      if comesSingly { events.remove(number) }
      let isPublished = words.contains("published") && Self.topics.contains { words.contains($0 + ":") }
      if isPublished { events.insert(number) }
    case ("delivery", "to"):
      let replica = words.dropFirst(4).first?.dropLast() ?? ""
      let brought = words.dropFirst(6).map { $0.split(separator: ",")[0] }
      guard brought.allSatisfy(events.contains) else { return }
      open[replica, default: []].insert(number)
      most = max(most, open[replica]?.count ?? 0)
    case ("delivery", "is"): end(number)
    case ("the", "to") where number == "answer": end(words.dropFirst(4).first ?? "")
    default: return
    }
  }

  private mutating func end(_ delivery: Substring) {
    for replica in open.keys { open[replica]?.remove(delivery) }
  }
}
