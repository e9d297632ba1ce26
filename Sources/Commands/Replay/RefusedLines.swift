internal import MasteryService

/// The lines of a file that the service would refuse, by the rule that each breaks.
struct RefusedLines: Hashable, Sendable {
  private struct Kind: Hashable {
    var count: Int
    let firstLine: Int
  }

  /// Rules that are told apart; names of fields that nobody knows make endless ones.
  private static let mostRules = 1_000
  /// Rules that are named.
  private static let namedRules = 20

  /// How many lines there are.
  private(set) var count = 0
  private var kinds: [EventRules.Fault: Kind] = [:]
  /// The same by reason.
  private(set) var reasons: [String: Int] = [:]

  /// Takes in a line.
  mutating func add(_ fault: EventRules.Fault, line: Int) {
    count += 1
    reasons[fault.reason, default: 0] += 1
    if kinds[fault] != nil {
      kinds[fault]?.count += 1
    } else if kinds.count < Self.mostRules {
      kinds[fault] = Kind(count: 1, firstLine: line)
    }
  }

  /// The rules that are broken, the most broken first, a line each with how often and where first.
  var report: [String] {
    let sorted = kinds.sorted { ($1.value.count, $0.value.firstLine) < ($0.value.count, $1.value.firstLine) }
    let named = sorted.prefix(Self.namedRules).map { fault, kind in
      "\(kind.count) \(fault.reason): \(fault.rule) (first in line \(kind.firstLine))"
    }
    let rest = count - sorted.prefix(Self.namedRules).reduce(0) { $0 + $1.value.count }
    return named + (rest > 0 ? ["\(rest) that break other rules"] : [])
  }
}
