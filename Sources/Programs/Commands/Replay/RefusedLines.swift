internal import MasteryService

/// The lines of a file that the service would refuse, by the rule that each breaks.
struct RefusedLines: Hashable, Sendable {
  private struct Kind: Hashable {
    var count: Int
    let firstLine: Int
  }

  /// Maximum number of distinct rules, because unknown field names can make arbitrarily many.
  private static let mostRules = 1_000
  /// Number of rules listed.
  private static let namedRules = 20

  /// Number of lines.
  private(set) var count = 0
  private var kinds: [EventRules.Fault: Kind] = [:]
  /// Number of lines by reason.
  private(set) var reasons: [String: Int] = [:]

  /// Adds a line.
  mutating func add(_ fault: EventRules.Fault, line: Int) {
    count += 1
    reasons[fault.reason, default: 0] += 1
    if kinds[fault] != nil {
      kinds[fault]?.count += 1
    } else if kinds.count < Self.mostRules {
      kinds[fault] = Kind(count: 1, firstLine: line)
    }
  }

  /// The broken rules, the most frequent first, one per line with its count and first occurrence.
  var report: [String] {
    let sorted = kinds.sorted { ($1.value.count, $0.value.firstLine) < ($0.value.count, $1.value.firstLine) }
    let named = sorted.prefix(Self.namedRules).map { fault, kind in
      "\(kind.count) \(fault.reason): \(fault.rule) (first in line \(kind.firstLine))"
    }
    let rest = count - sorted.prefix(Self.namedRules).reduce(0) { $0 + $1.value.count }
    return named + (rest > 0 ? ["\(rest) that break other rules"] : [])
  }
}
