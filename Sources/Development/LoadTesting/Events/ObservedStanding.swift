internal import JSON

/// How a student stands by the engine's answer to a query.
public struct ObservedStanding: Sendable, Hashable {
  /// The event that each component rests on, by its name; without those that rest on none.
  public var evidence: [String: String] = [:]
  /// The score of each component in thousandths, by its name.
  public var scores: [String: Int] = [:]
  /// How often the document has changed.
  public var revision = 0

  /// A standing made by hand, for tests.
  public init() {}

  /// Reads the body of an answer to `mastery_query`; nil if it is none.
  public init?(answer: [UInt8]) {
    let read = try? JSONDocument.parse(answer) { (root) throws(Never) -> ObservedStanding? in
      guard let mastery = root["data"]?["current_mastery"], let revision = mastery["version"]?.number,
        let breakdown = mastery["breakdown"]
      else { return nil }
      var standing = ObservedStanding()
      standing.revision = Int(revision)
      for row in breakdown.elements {
        guard let name = row["component"]?.string else { return nil }
        standing.evidence[name] = row["evidence"]?["event_id"]?.string
        standing.scores[name] = row["score"]?.number.map { Int(($0 * 1_000).rounded()) }
      }
      return standing
    }
    guard let standing = read ?? nil else { return nil }
    self = standing
  }
}
