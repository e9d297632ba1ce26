/// The distribution of a student's activity over the last six weeks.
public struct LearningPattern: Hashable, Sendable {
  /// The shape of the distribution; the first case that applies is used.
  public enum Kind: String, CaseIterable, Hashable, Sendable {
    /// The first evidence is less than two weeks old.
    case new
    /// Active again within the last two weeks, after two weeks or more without evidence.
    case returning
    /// No evidence for two weeks, or less than half as many active days in the later half as in the earlier one.
    case fading
    /// There was a week or more without evidence.
    case bursts
    /// Never a week without evidence.
    case steady
  }

  /// Number of days examined.
  public static let window = 42
  private static let fortnight = 14
  private static let week = 7

  /// The shape of the distribution.
  public let kind: Kind
  /// Average number of days with evidence a week.
  public let activeDaysPerWeek: Double
  /// The longest run of days without evidence, including the days since the last evidence.
  public let longestGapDays: Int
  /// Days since the last evidence; nil if the six weeks have none.
  private let idleDays: Int?

  /// Examines the six weeks up to and including `today`.
  ///
  /// - Parameters:
  ///   - record: The student's evidence; anything later than `today` is ignored.
  ///   - scope: Whether all of it counts, or only that of some courses.
  ///   - today: The last day.
  ///   - first: The first day visible under retention.
  public init(of record: EvidenceRecord, _ scope: EvidenceScope = .student, asOf today: Day, from first: Day) {
    let start = max(first, record.cutoff, today.advanced(by: 1 - Self.window))
    var active: [Day] = []
    var isKnownBefore = record.isKnown(scope, asOf: record.cutoff.advanced(by: -1))
    record.forEachActiveDay(of: scope) { day, _ in
      if day > today { return }
      if day < start { isKnownBefore = true } else { active.append(day) }
    }
    // Nothing of what is known may be visible up to today, if a clock that is ahead has cut the record.
    let begin = isKnownBefore ? min(start, today) : active.first ?? today
    let span = begin.distance(to: today) + 1
    // The time before the first day and after the last counts as a gap, like the time between two days.
    let edges = [begin.advanced(by: -1)] + active + [today.advanced(by: 1)]
    let gaps = zip(edges, edges.dropFirst()).map { $0.distance(to: $1) - 1 }
    longestGapDays = gaps.max() ?? 0
    activeDaysPerWeek = 7 * Double(active.count) / Double(span)
    idleDays = active.last?.distance(to: today)
    let middle = begin.advanced(by: span / 2)
    let earlier = active.count { $0 < middle }
    let isBack = zip(gaps, active).contains { $0 >= Self.fortnight && $1.distance(to: today) < Self.fortnight }
    kind =
      if !isKnownBefore, begin.distance(to: today) < Self.fortnight {
        .new
      } else if isBack {
        .returning
      } else if idleDays.map({ $0 >= Self.fortnight }) ?? true || 2 * (active.count - earlier) < earlier {
        .fading
      } else if longestGapDays >= Self.week {
        .bursts
      } else {
        .steady
      }
  }

  /// The pattern in one sentence for readers.
  public var reason: String {
    let tenths = Int((activeDaysPerWeek * 10).rounded(.toNearestOrAwayFromZero))
    let pace = "\(tenths / 10).\(tenths % 10) active days a week"
    let last = idleDays.map { $0 == 0 ? "today" : "\($0) day\($0 == 1 ? "" : "s") ago" } ?? "over \(Self.window) days ago"
    switch kind {
    case .new: return "The first evidence is less than two weeks old; \(pace) so far."
    case .returning: return "Active again after a break of two weeks or more; the last evidence was \(last)."
    case .fading: return "Less and less activity, \(pace); the last evidence was \(last)."
    case .bursts: return "Active in bursts, \(pace), with up to \(longestGapDays) days between them."
    case .steady: return "Regularly active, \(pace), never a week without."
    }
  }
}
