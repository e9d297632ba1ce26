/// Everything about a simulated world that is fixed before it begins.
///
/// The rest (the order of steps, how long calls take, how events are batched) is drawn from the seed while it runs.
public struct Plan: Sendable {
  /// The order in which the broker delivers events.
  enum Ordering: String, CaseIterable, Sendable {
    /// Like Kafka: one batch at a time over all partitions of a component, each after the one before it is acknowledged.
    case partitions
    /// Like Redis: any waiting events, up to a limit of outstanding ones.
    case loose
  }

  /// A span in which faults strike, in milliseconds since the world began; everything must settle in the calm after it.
  struct Term: Sendable {
    let start: Int
    let end: Int
  }

  /// The seed that everything else is drawn from.
  public let seed: UInt64
  let start: Int64
  let profile: StoreProfile
  /// Whether the store encrypts its values.
  let isEncrypted: Bool
  let ordering: Ordering
  let partitions: Int
  /// The maximum number of events in a bulk delivery.
  let batch: Int
  /// How long a sidecar gathers events, in milliseconds.
  let wait: Int
  /// The maximum number of outstanding messages of a component if there is no order.
  let concurrency: Int
  /// Whether the engine's own topics use a component of their own.
  let hasOwnComponent: Bool
  /// Whether each event topic has a component of its own.
  var spreadsTopics = false
  let terms: [Term]
  /// How far the clock of each replica is ahead, in milliseconds.
  var clocks: [Int64]
  /// Whether a replica's clock is more than a day ahead, which is further than replicas allow each other.
  var hasClockFarAhead: Bool { clocks.contains { $0 > 86_400_000 } }
  /// Whether a replica's clock is more than an hour off.
  var hasClockFarOff: Bool { clocks.contains { abs($0) > 3_600_000 } }
  var events: [PlannedEvent]
  var requests: [PlannedRequest]
  var incidents: [Incident]
  /// Whether students use their rights: only then are audit trails and dead letters stored, and students erased.
  var hasRights = false
  /// Whether students are compared: only then are standings kept, and batches requested.
  var comparesStudents = false
  /// How often each fault is part of the plan itself.
  var inherent: [Fault: Int] = [:]

  /// Whether faults strike at a moment, in milliseconds since the world began.
  func isRough(at moment: Int) -> Bool { terms.contains { ($0.start..<$0.end).contains(moment) } }

  /// When everything must have settled, in milliseconds since the world began.
  var deadline: Int { (terms.last?.end ?? 0) + Self.settling }

  /// How long settling may take, in milliseconds; a key that fails for good is retried for a quarter of an hour.
  static let settling = 90 * 60_000
}
