/// Everything about a simulated world that is settled before it begins.
///
/// The rest (the order of steps, how long calls take, how events are batched) is drawn from the seed while it runs.
public struct Plan: Sendable {
  /// In which order the broker hands out events.
  enum Ordering: String, CaseIterable, Sendable {
    /// As Kafka: one batch at a time over all partitions of a component, and none before the one in front is acknowledged.
    case partitions
    /// As Redis: whatever waits goes out, as long as not too much is outstanding.
    case loose
  }

  /// A span in which faults strike, and the time without any behind it in which all must settle; milliseconds since the world began.
  struct Term: Sendable {
    let start: Int
    let end: Int
  }

  /// What everything else is drawn from.
  public let seed: UInt64
  let start: Int64
  let profile: StoreProfile
  /// Whether the store encrypts what it keeps.
  let isEncrypted: Bool
  let ordering: Ordering
  let partitions: Int
  /// Most events of a bulk delivery.
  let batch: Int
  /// Milliseconds for which a sidecar gathers events.
  let wait: Int
  /// Most messages of a component that are outstanding where no order is kept.
  let concurrency: Int
  /// Whether the engine's own topics go over a component of their own.
  let hasOwnComponent: Bool
  let terms: [Term]
  /// Milliseconds that the clock of each replica is ahead.
  var clocks: [Int64]
  /// Whether a replica's clock is further ahead than replicas allow each other to be.
  var hasClockFarAhead: Bool { clocks.contains { $0 > 86_400_000 } }
  /// Whether a replica's clock is further off than anybody would let it be.
  var hasClockFarOff: Bool { clocks.contains { abs($0) > 3_600_000 } }
  var events: [PlannedEvent]
  var requests: [PlannedRequest]
  var incidents: [Incident]
  /// Whether students use their rights: only then are trails and dead letters kept, and students erased.
  var hasRights = false
  /// Whether students are compared with each other: only then do results come back to the replicas, and are batches asked for.
  var comparesStudents = false
  /// The faults that the plan itself holds, by kind.
  var inherent: [Fault: Int] = [:]

  /// Whether faults strike at a moment, in milliseconds since the world began.
  func isRough(at moment: Int) -> Bool { terms.contains { ($0.start..<$0.end).contains(moment) } }

  /// When everything has to be settled, in milliseconds since the world began.
  var deadline: Int { (terms.last?.end ?? 0) + Self.settling }

  /// How long settling may take: a key that fails for good is waited for a quarter of an hour.
  static let settling = 90 * 60_000
}
