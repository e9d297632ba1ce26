/// The latest evidence of one component from two of the days before the cutoff.
///
/// There are two so that the days before still count if the latest one is taken back. Like all evidence, the pair is a join: it depends on what was
/// observed, not on the order of arrival.
public struct EarlierEvidence: Hashable, Sendable {
  /// One or two pieces, the latest first; a list, since most topics have nothing before the cutoff, and records are copied often.
  private var kept: [Evidence]

  /// The latest of all.
  public var latest: Evidence { kept[0] }
  /// The latest of all other days; nil if there is none.
  public var before: Evidence? { kept.count > 1 ? kept[1] : nil }

  /// Creates a pair from the latest evidence of a day.
  public init(_ latest: Evidence) {
    kept = [latest]
  }

  /// Creates a stored pair, or returns nil if its order is wrong, or both are of one day.
  public init?(latest: Evidence, before: Evidence) {
    guard before < latest, before.day != latest.day else { return nil }
    kept = [latest, before]
  }

  /// Merges evidence, and returns whether anything changed.
  mutating func merge(_ evidence: Evidence) -> Bool {
    if evidence.day == latest.day {
      guard latest < evidence else { return false }
      kept[0] = evidence
    } else if latest < evidence {
      // The former latest one is later than any other of its day.
      kept = [evidence, latest]
    } else {
      guard before.map({ $0 < evidence }) ?? true else { return false }
      kept = [latest, evidence]
    }
    return true
  }

  /// The evidence in force at the end of `day`, or now if no day is given; nil if all that is known of then was taken back.
  func inForce(asOf day: Day? = nil) -> Evidence? {
    func counts(_ evidence: Evidence) -> Bool { !evidence.isRetracted && day.map { evidence.day <= $0 } ?? true }
    if counts(latest) { return latest }
    return before.flatMap { counts($0) ? $0 : nil }
  }
}
