internal import MasteryCore
internal import Synchronization

/// Limits how often each subject may request each intent in a minute, whichever entry point it uses.
///
/// A minute begins with the first request; requests over the limit are refused until it ends, and not counted.
final class RateLimits: Sendable {
  /// The window, in milliseconds.
  static let window: Int64 = 60_000

  private let serviceFactor: Int?
  private let table: Mutex<RateTable>

  /// Creates limits with room for `capacity` pairs of subject and intent.
  ///
  /// - Parameters:
  ///   - serviceFactor: The multiplier of limits for services; nil leaves services unlimited.
  ///   - capacity: The number of pairs.
  init(serviceFactor: Int?, capacity: Int = 1 << 16) {
    self.serviceFactor = serviceFactor
    table = Mutex(RateTable(capacity: capacity, window: Self.window))
  }

  /// Bytes that the limits take, regardless of the number of subjects.
  var bytes: Int { table.withLock { $0.bytes } }

  /// Counts a caller's request to an intent.
  ///
  /// - Parameters:
  ///   - caller: The caller.
  ///   - intent: The name of the intent.
  ///   - perMinute: How often a student may request it in a minute; other roles may more often.
  ///   - now: The time of the request.
  /// - Returns: The caller's allowance; nil if the caller is unlimited.
  func take(_ caller: Caller, asking intent: String, perMinute: Int, now: Timestamp) -> Allowance? {
    guard let factor = factor(of: caller.role) else { return nil }
    let limit = perMinute * factor
    var hasher = Hasher()
    // The school named in the request is left out: naming another one would give a caller a further allowance.
    hasher.combine(caller.schools)
    hasher.combine(ExactText(caller.subject))
    hasher.combine(intent)
    let key = UInt64(truncatingIfNeeded: hasher.finalize())
    return Allowance(limit: limit, standing: table.withLock { $0.take(key, limit: limit, now: now.milliseconds) }, now: now)
  }

  private func factor(of role: Caller.Role) -> Int? {
    switch role {
    case .student: 1
    case .teacher: 4
    case .admin: 10
    case .service: serviceFactor
    }
  }
}
