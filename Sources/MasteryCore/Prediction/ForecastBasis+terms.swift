internal import Glibc

/// The horizon is inside the terms: the same coefficients hold for every number of days.
extension ForecastBasis {
  /// Days that are added to a student's own before the pace is taken, so that a few quick days at the beginning are no pace yet.
  private static let paceDays = 60.0
  /// Nobody is expected to go on when this much of mastery is left in completion; below, growth fades away.
  private static let fullRoom = 0.05
  /// The growth in 30 days from which on a student counts as moving on through the course.
  private static let fullPace = 0.0125
  /// A student's own pace counts by half: activity comes in bursts, and what is measured is their height.
  private static let ownShare = 0.5
  /// Idleness says no more beyond so many days.
  private static let longIdle = 28.0
  /// A step larger than that says no more.
  private static let largeStep = 0.1
  /// What a piece of evidence may bring where completion tells little of it.
  private static let usualStep = 0.12
  /// How far from the threshold a student is out of its reach, in mastery.
  private static let riskReach = 0.05

  /// Mastery under this one is at risk.
  public static let riskThreshold = 0.5

  /// Active days a day.
  private var pace: Double { Double(activeDays) / (Double(age) + Self.paceDays) }

  private var idleShare: Double { min(Double(idleDays), Self.longIdle) / Self.longIdle }

  /// How likely it is that the student is active at all within so many days.
  func activity(within days: Int) -> Double { 1 - exp(-pace * Double(days)) }

  /// What growth is expected from: the share of a month that the horizon is, where there is room and the student moves on, then the same
  /// for how new the student is, how long idle, and how large a step is.
  public func growthTerms(days: Int) -> [Double] {
    let moving = min(1, max(0, pace * 30 * gain) / Self.fullPace)
    let month = Double(days) / 30 * min(1, room / Self.fullRoom) * moving
    return [month, month * 30 / (Double(age) + 30), month * idleShare, month * min(gain, Self.largeStep) / Self.largeStep]
  }

  /// How much of the way back to the student's own averages is to be expected: in completion, and in the other components.
  public func pullTerms(days: Int) -> (completion: Double, others: Double) {
    let activity = activity(within: days)
    return (activity * completionPull, activity * otherPull)
  }

  /// The growth that is believed in: never negative, at least half of the student's own pace, and no more than there is room for.
  func growth(_ expected: Double, days: Int) -> Double {
    min(max(expected, 0, Self.ownShare * pace * Double(days) * gain), room)
  }

  /// How far truth is usually off, as a relative measure: further with the horizon, with activity and with idleness.
  public func spread(days: Int) -> Double {
    (3 * activity(within: days) + Double(days) / 30) / 4 * (1 + idleShare / 2)
  }

  /// How far mastery may rise, as a relative measure: further where one piece of evidence brings more, as in courses of few.
  public func rise(days: Int) -> Double { spread(days: days) * (Self.usualStep + min(max(gain, 0), Self.largeStep)) }

  /// What risk is worked out of, for students under the threshold and at or over it: a constant, activity, closeness, both, and the
  /// change that is expected.
  public func riskTerms(days: Int, change: Double) -> [Double] {
    let activity = activity(within: days)
    let closeness = exp(-abs(mastery.value - Self.riskThreshold) / Self.riskReach)
    let own = [1, activity, closeness, closeness * activity, change]
    let others = [Double](repeating: 0, count: own.count)
    return isUnderThreshold ? own + others : others + own
  }

  /// Whether mastery is under the threshold now, decided as levels are.
  public var isUnderThreshold: Bool { Rounding.billionths(mastery.value) < Rounding.billionths(Self.riskThreshold) }
}
