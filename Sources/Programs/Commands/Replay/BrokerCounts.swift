internal import JSON

/// The broker's progress with the events of a replay, if the sidecar counts them: the development sidecar does, the real one does not.
struct BrokerCounts: Hashable, Sendable {
  /// The topic of events that wait for a retry.
  private static let waitingRoom = "mastery.retry"
  private static let deadLetters = "mastery.dlq"

  /// Number of events that wait for the engine, or for its answer.
  let undelivered: Int
  /// Number of those that the engine has postponed.
  let postponed: Int
  /// Number of dead letters since the sidecar started.
  let deadLetters: Int?

  /// Reads the counts from the sidecar's metadata; nil if it counts nothing.
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
