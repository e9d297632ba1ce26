internal import Glibc

/// The model terms, which include the horizon, so that the same coefficients hold for any number of days.
extension ForecastBasis {
  /// Days added to a student's age before the pace is computed, so that a few quick days at the start do not count as a pace.
  private static let paceDays = 60.0
  /// The room left in completion, in mastery, below which expected growth fades to zero.
  private static let fullRoom = 0.05
  /// The growth in 30 days from which a student counts as moving through the course.
  private static let fullPace = 0.0125
  /// The weight of a student's own pace, one half: activity comes in bursts, and the measured pace is their peak.
  private static let ownShare = 0.5
  /// Idle days beyond this number carry no further information.
  private static let longIdle = 28.0
  /// A larger step carries no further information.
  private static let largeStep = 0.1
  /// The assumed gain from one piece of evidence where completion reveals little about it.
  private static let usualStep = 0.12
  /// The distance from the threshold beyond which it has no effect on risk, in mastery.
  private static let riskReach = 0.05

  /// Mastery below this value is at risk.
  public static let riskThreshold = 0.5

  /// Active days per day.
  private var pace: Double { Double(activeDays) / (Double(age) + Self.paceDays) }

  private var idleShare: Double { min(Double(idleDays), Self.longIdle) / Self.longIdle }

  /// The probability that the student is active at all within the given number of days.
  func activity(within days: Int) -> Double { 1 - exp(-pace * Double(days)) }

  /// The terms of expected growth: the horizon's share of a month, if there is room and the student is moving on, then the same share
  /// multiplied by how new the student is, by the idle time, and by the step size.
  public func growthTerms(days: Int) -> [Double] {
    let moving = min(1, max(0, pace * 30 * gain) / Self.fullPace)
    let month = Double(days) / 30 * min(1, room / Self.fullRoom) * moving
    return [month, month * 30 / (Double(age) + 30), month * idleShare, month * min(gain, Self.largeStep) / Self.largeStep]
  }

  /// How far completion and the other components are expected to return to the student's own averages.
  public func pullTerms(days: Int) -> (completion: Double, others: Double) {
    let activity = activity(within: days)
    return (activity * completionReversion, activity * otherReversion)
  }

  /// The accepted growth: never negative, at least half of the student's own pace, and no more than the room left.
  func growth(_ expected: Double, days: Int) -> Double {
    min(max(expected, 0, Self.ownShare * pace * Double(days) * gain), room)
  }

  /// The typical error as a relative measure; it increases with the horizon, with activity and with idleness.
  public func spread(days: Int) -> Double {
    (3 * activity(within: days) + Double(days) / 30) / 4 * (1 + idleShare / 2)
  }

  /// How far mastery may rise, as a relative measure; further where one piece of evidence brings more, as in courses with few pieces.
  public func rise(days: Int) -> Double { spread(days: days) * (Self.usualStep + min(max(gain, 0), Self.largeStep)) }

  /// The terms of risk, separately for students under the threshold and for those at or over it: a constant, activity, closeness, their
  /// product, and the expected change.
  public func riskTerms(days: Int, change: Double) -> [Double] {
    let activity = activity(within: days)
    let closeness = exp(-abs(mastery.value - Self.riskThreshold) / Self.riskReach)
    let own = [1, activity, closeness, closeness * activity, change]
    let others = [Double](repeating: 0, count: own.count)
    return isUnderThreshold ? own + others : others + own
  }

  /// Whether mastery is under the threshold now, decided with the same rounding as levels.
  public var isUnderThreshold: Bool { Rounding.billionths(mastery.value) < Rounding.billionths(Self.riskThreshold) }
}
