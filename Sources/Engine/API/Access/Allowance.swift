internal import MasteryCore

/// A caller's remaining allowance for an intent.
struct Allowance: Sendable {
  let limit: Int
  let standing: RateTable.Standing
  let now: Timestamp

  /// The rate limit headers; the reset is in seconds since 1970.
  var headers: [Problem.Detail] {
    [
      Problem.Detail(name: "X-RateLimit-Limit", number: Int64(limit)),
      Problem.Detail(name: "X-RateLimit-Remaining", number: Int64(limit - standing.used)),
      Problem.Detail(name: "X-RateLimit-Reset", number: (standing.ends + 999) / 1_000),
      Problem.Detail(name: "X-RateLimit-Used", number: Int64(standing.used)),
    ]
  }

  /// The problem of a request over the limit.
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
