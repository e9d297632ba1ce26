internal import Glibc

/// The numbers that forecasts are made with; the shipped ones are `ForecastModel.fitted`.
public struct ForecastModel: Hashable, Sendable {
  /// How far the interval of one group reaches from the present score, in units of a basis' spreads.
  public struct Reach: Hashable, Sendable {
    /// How far down; not negative.
    public let down: Double
    /// How far up; not negative.
    public let up: Double

    /// Holds what was measured.
    public init(down: Double, up: Double) {
      self.down = down
      self.up = up
    }
  }

  /// How far truth was off at one horizon.
  public struct ErrorKnot: Hashable, Sendable {
    /// The horizon.
    public let days: Int
    /// The root of the mean squared error, in units of a basis' spread.
    public let size: Double
    /// How far intervals reach, by the number of `IntervalGroup`.
    public let reaches: [Reach]

    /// Holds what was measured at one horizon; a group without a reach has an interval that is the present score alone.
    public init(days: Int, size: Double, reaches: [Reach]) {
      self.days = days
      self.size = size
      self.reaches = reaches
    }

    /// The reach of a group.
    func reach(of group: IntervalGroup) -> Reach {
      reaches.indices.contains(group.number) ? reaches[group.number] : Reach(down: 0, up: 0)
    }
  }

  /// The coefficients of `ForecastBasis.growthTerms`.
  public let growth: [Double]
  /// The share of the way back to the student's own averages.
  public let pull: Double
  /// The errors by horizon, ascending.
  public let errors: [ErrorKnot]
  /// The coefficients of `ForecastBasis.riskTerms`, in log odds.
  public let risk: [Double]

  /// Holds a fit.
  public init(growth: [Double], pull: Double, errors: [ErrorKnot], risk: [Double]) {
    self.growth = growth
    self.pull = pull
    self.errors = errors
    self.risk = risk
  }

  /// The mastery to be expected after so many days, 0…1.
  public func expectation(_ basis: ForecastBasis, days: Int) -> Double {
    let pulls = basis.pullTerms(days: days)
    let growth = basis.growth(Self.sum(growth, basis.growthTerms(days: days)) + pull * pulls.completion, days: days)
    return min(max(basis.mastery.value + growth + pull * pulls.others, 0), 1)
  }

  /// The standard error to be expected after so many days, in points of mastery.
  public func standardError(_ basis: ForecastBasis, days: Int) -> Double {
    let (left, right, share) = knots(around: days)
    return (left.size + share * (right.size - left.size)) * basis.spread(days: days)
  }

  /// The scores that 8 of 10 students like this one are within after so many days, 0…1.
  ///
  /// It always holds the present score, since whoever does nothing keeps it. Where more than 8 of 10 do nothing it is no more than that, and
  /// covers more than it says.
  public func interval(_ basis: ForecastBasis, days: Int) -> ClosedRange<Double> {
    let (left, right, share) = knots(around: days)
    let group = IntervalGroup(of: basis)
    let (near, far) = (left.reach(of: group), right.reach(of: group))
    let down = (near.down + share * (far.down - near.down)) * basis.spread(days: days)
    let up = (near.up + share * (far.up - near.up)) * basis.rise(days: days)
    let present = min(max(basis.mastery.value, 0), 1)
    return max(present - down, 0)...min(present + up, 1)
  }

  /// The horizons that were measured on both sides of another one, and how far it lies from the first to the second.
  private func knots(around days: Int) -> (ErrorKnot, ErrorKnot, share: Double) {
    let next = errors.firstIndex { $0.days >= days } ?? errors.count - 1
    let (left, right) = (errors[max(next - 1, 0)], errors[next])
    let share = left.days < right.days ? min(Double(days - left.days) / Double(right.days - left.days), 1) : 1
    return (left, right, share)
  }

  /// The probability that mastery will be under the threshold after so many days, given the change that is expected.
  public func risk(_ basis: ForecastBasis, days: Int, change: Double) -> Double {
    1 / (1 + exp(-Self.sum(risk, basis.riskTerms(days: days, change: change))))
  }

  private static func sum(_ coefficients: [Double], _ terms: [Double]) -> Double {
    zip(coefficients, terms).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
