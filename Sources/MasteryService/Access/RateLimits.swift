internal import MasteryCore
internal import Synchronization

/// How often each subject may ask each intent in a minute, whichever door it comes through.
///
/// A minute begins with the first request; what comes over the limit until it ends is refused and not counted.
final class RateLimits: Sendable {
  /// The window, in milliseconds.
  static let window: Int64 = 60_000

  private let serviceFactor: Int?
  private let table: Mutex<RateTable>

  /// Limits that remember so many pairs of subject and intent.
  ///
  /// - Parameters:
  ///   - serviceFactor: By what a service's limit is multiplied; nil leaves services unlimited.
  ///   - capacity: How many pairs there is room for.
  init(serviceFactor: Int?, capacity: Int = 1 << 16) {
    self.serviceFactor = serviceFactor
    table = Mutex(RateTable(capacity: capacity, window: Self.window))
  }

  /// Bytes that the limits take, however many subjects come.
  var bytes: Int { table.withLock { $0.bytes } }

  /// A caller asks an intent once more; nil when it may without limit.
  func take(_ caller: Caller, asking intent: IntentDeclaration, now: Timestamp) -> Allowance? {
    guard let factor = factor(of: caller.role) else { return nil }
    let limit = intent.perMinute * factor
    var hasher = Hasher()
    // Not the school that the request names: naming another one would be a way to ask more often.
    hasher.combine(caller.schools)
    hasher.combine(caller.subject)
    hasher.combine(intent.name)
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

/// What a caller has left of an intent's limit.
struct Allowance: Sendable {
  let limit: Int
  let standing: RateTable.Standing
  let now: Timestamp

  /// The headers that say so; the reset is in seconds since 1970.
  var headers: [Problem.Detail] {
    [
      Problem.Detail(name: "X-RateLimit-Limit", number: Int64(limit)),
      Problem.Detail(name: "X-RateLimit-Remaining", number: Int64(limit - standing.used)),
      Problem.Detail(name: "X-RateLimit-Reset", number: (standing.ends + 999) / 1_000),
      Problem.Detail(name: "X-RateLimit-Used", number: Int64(standing.used)),
    ]
  }

  /// Why a request is refused.
  var problem: Problem {
    let wait = max(1, (standing.ends - now.milliseconds + 999) / 1_000)
    let window = RateLimits.window / 1_000
    return Problem(
      code: .rateLimited, status: 429, message: "only \(limit) requests of this kind are taken in \(window) seconds; try again in \(wait)",
      details: [
        Problem.Detail(name: "retry_after", number: wait), Problem.Detail(name: "limit", number: Int64(limit)),
        Problem.Detail(name: "window", number: window),
      ], headers: [Problem.Detail(name: "Retry-After", number: wait)])
  }
}
