/// What became of all calls of a load, in bounded memory.
public struct CallLedger: Sendable, Hashable {
  /// Latencies of answers from 200 to 299.
  public private(set) var served = LatencyHistogram()
  /// Latencies of 503.
  public private(set) var unavailable = LatencyHistogram()
  /// How late requests were sent.
  public private(set) var lateness = LatencyHistogram()
  /// Number of answers by status.
  public private(set) var statuses: [Int: Int] = [:]
  /// Number of answers 503 that do not say when to come again.
  public private(set) var withoutRetryAfter = 0
  /// Number of calls that nobody took.
  public private(set) var refused = 0
  /// Number of calls whose connection broke.
  public private(set) var broken = 0
  /// Number of calls without an answer within the deadline.
  public private(set) var late = 0
  /// Number of calls that were sent again.
  public private(set) var repeated = 0

  /// An empty ledger.
  public init() {}

  /// Takes in an outcome.
  public mutating func take(_ outcome: CallOutcome) {
    lateness.record(outcome.sent - outcome.due)
    if outcome.repeats > 0 { repeated += 1 }
    switch outcome.ending {
    case .answered(let status, let hasRetryAfter):
      statuses[status, default: 0] += 1
      if (200..<300).contains(status) { served.record(outcome.latency) }
      if status == 503 {
        unavailable.record(outcome.latency)
        if !hasRetryAfter { withoutRetryAfter += 1 }
      }
    case .refused: refused += 1
    case .broken: broken += 1
    case .late: late += 1
    }
  }

  /// Number of calls.
  public var count: Int { statuses.values.reduce(0, +) + unanswered }

  /// Number of calls without an answer.
  public var unanswered: Int { refused + broken + late }

  /// Number of answers that are neither from 200 to 299 nor 503.
  public var unexpected: Int { statuses.filter { !(200..<300).contains($0.key) && $0.key != 503 }.values.reduce(0, +) }

  /// Number of answers 503.
  public var refusals: Int { statuses[503] ?? 0 }
}
