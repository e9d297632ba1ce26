internal import JSON

/// How far the broker is with the events of a replay, where the sidecar counts them: the development sidecar does, the real one does not.
struct BrokerCounts: Hashable, Sendable {
  /// The topic in which events wait that are to be tried again later.
  private static let waitingRoom = "mastery.retry"
  private static let deadLetters = "mastery.dlq"

  /// Events that wait for the engine, or for its answer.
  let undelivered: Int
  /// Those of them that the engine has put off.
  let postponed: Int
  /// Dead letters since the sidecar began.
  let deadLetters: Int?

  /// Reads the sidecar's description of itself; nil where it counts nothing.
  init?(_ metadata: [UInt8]) {
    let read = try? JSONDocument.parse(metadata) { root -> (Int, Int, Int?)? in
      guard let extended = root["extended"] else { return nil }
      func count(_ name: String) -> Int? { extended[named: name]?.string.flatMap { Int($0) } }
      let postponed = count("\(Self.waitingRoom).undelivered") ?? 0
      let counts = ReplayTopic.allCases.compactMap { count("\($0.name).undelivered") }
      guard let undelivered = counts.isEmpty ? count("undelivered") : counts.reduce(postponed, +) else { return nil }
      return (undelivered, postponed, count("\(Self.deadLetters).published"))
    }
    guard let counts = read ?? nil else { return nil }
    (undelivered, postponed, deadLetters) = counts
  }
}
