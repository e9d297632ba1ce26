/// Everything about a simulated world that is fixed before it begins.
///
/// The rest (the order of steps, how long calls take, how events are batched) is drawn from the seed while it runs.
public struct Plan: Sendable {
  /// In which order the broker hands out events.
  enum Ordering: String, CaseIterable, Sendable {
    /// Like Kafka: one batch at a time over all partitions of a component, and none before the one in front is acknowledged.
    case partitions
    /// Like Redis: whatever waits goes out, as long as not too much is outstanding.
    case loose
  }

  /// A span in which faults strike, and a calm one after it in which everything must settle; in milliseconds since the world began.
  struct Term: Sendable {
    let start: Int
    let end: Int
  }

  /// The seed of everything else.
  public let seed: UInt64
  let start: Int64
  let profile: StoreProfile
  /// Whether the store encrypts its values.
  let isEncrypted: Bool
  let ordering: Ordering
  let partitions: Int
  /// Most events of a bulk delivery.
  let batch: Int
  /// Milliseconds for which a sidecar gathers events.
  let wait: Int
  /// Most outstanding messages of a component without an order.
  let concurrency: Int
  /// Whether the engine's own topics use a component of their own.
  let hasOwnComponent: Bool
  let terms: [Term]
  /// Milliseconds that the clock of each replica is ahead.
  var clocks: [Int64]
  /// Whether a replica's clock is further ahead than replicas allow each other.
  var hasClockFarAhead: Bool { clocks.contains { $0 > 86_400_000 } }
  /// Whether a replica's clock is further off than anybody would tolerate.
  var hasClockFarOff: Bool { clocks.contains { abs($0) > 3_600_000 } }
  var events: [PlannedEvent]
  var requests: [PlannedRequest]
  var incidents: [Incident]
  /// Whether students use their rights: only then are trails and dead letters kept, and students erased.
  var hasRights = false
  /// Whether students are compared: only then do results come back to the replicas, and batches are requested.
  var comparesStudents = false
  /// The faults within the plan itself, by kind.
  var inherent: [Fault: Int] = [:]

  /// Whether faults strike at a moment, in milliseconds since the world began.
  func isRough(at moment: Int) -> Bool { terms.contains { ($0.start..<$0.end).contains(moment) } }

  /// When everything must be settled, in milliseconds since the world began.
  var deadline: Int { (terms.last?.end ?? 0) + Self.settling }

  /// How long settling may take: a key that fails for good is waited for for a quarter of an hour.
  static let settling = 90 * 60_000
}
