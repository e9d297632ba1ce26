/// The reason for an expectation.
public enum ForecastReason: Hashable, Sendable {
  /// Too few days with evidence are known.
  case insufficientHistory(days: Int)
  /// The student is expected to continue with the course.
  case movingOn(change: Double, idleDays: Int)
  /// The newest scores are below the student's own average.
  case belowOwnAverage(change: Double)
  /// The newest scores are above the student's own average.
  case aboveOwnAverage(change: Double)
  /// Nothing indicates a change.
  case steady(idleDays: Int)

  /// A smaller change is not visible to readers.
  private static let visible = 0.0005

  /// Determines the reason for a change.
  init(of basis: ForecastBasis, change: Double) {
    let meanReversion = basis.completionReversion + basis.otherReversion
    if abs(change) < Self.visible {
      self = .steady(idleDays: basis.idleDays)
    } else if change < 0 {
      self = .aboveOwnAverage(change: change)
    } else if basis.otherReversion > 0, meanReversion > change / 2 {
      self = .belowOwnAverage(change: change)
    } else {
      self = .movingOn(change: change, idleDays: basis.idleDays)
    }
  }

  /// A reason as a code for programs.
  public enum Code: String, CaseIterable, Hashable, Sendable {
    /// Too few days with evidence are known.
    case insufficientHistory = "insufficient_history"
    /// The student is expected to continue with the course.
    case movingOn = "moving_on"
    /// The newest scores are below the student's own average.
    case belowOwnAverage = "below_own_average"
    /// The newest scores are above the student's own average.
    case aboveOwnAverage = "above_own_average"
    /// Nothing indicates a change.
    case steady
  }

  /// The reason as a code for programs.
  public var code: Code {
    switch self {
    case .insufficientHistory: .insufficientHistory
    case .movingOn: .movingOn
    case .belowOwnAverage: .belowOwnAverage
    case .aboveOwnAverage: .aboveOwnAverage
    case .steady: .steady
    }
  }

  /// The reason in one sentence for readers.
  public var sentence: String {
    switch self {
    case .insufficientHistory(let days):
      "Nothing is predicted before \(Forecast.leastDays) days with evidence; \(Self.count(days, "day")) \(days == 1 ? "is" : "are") known."
    case .movingOn(let change, let idleDays):
      "The student is expected to go on with the course, which brings about \(Self.points(change)) of mastery; the last evidence is "
        + "\(Self.ago(idleDays))."
    case .belowOwnAverage(let change):
      "The newest scores lie under the student's own average and are expected to come back by about \(Self.points(change)) of mastery."
    case .aboveOwnAverage(let change):
      "The newest scores lie over the student's own average and are expected to fall back by about \(Self.points(-change)) of mastery."
    case .steady(let idleDays): "Nothing speaks for a change; the last evidence is \(Self.ago(idleDays))."
    }
  }

  private static func count(_ number: Int, _ unit: String) -> String { "\(number) \(unit)\(number == 1 ? "" : "s")" }

  private static func ago(_ days: Int) -> String { days == 0 ? "of today" : "\(count(days, "day")) old" }

  /// A change in percentage points, to one decimal.
  private static func points(_ change: Double) -> String {
    let tenths = Int((change * 1_000).rounded(.toNearestOrAwayFromZero))
    return "\(tenths / 10).\(tenths % 10) points"
  }
}
