internal import Glibc

/// The coefficients of the forecast model; the shipped ones are `ForecastModel.fitted`.
public struct ForecastModel: Hashable, Sendable {
  /// How far a group's interval extends from the present score, in units of a basis' spreads.
  public struct Reach: Hashable, Sendable {
    /// How far down; not negative.
    public let down: Double
    /// How far up; not negative.
    public let up: Double

    /// Creates a reach from measurements.
    public init(down: Double, up: Double) {
      self.down = down
      self.up = up
    }
  }

  /// The forecast error measured at one horizon.
  public struct ErrorKnot: Hashable, Sendable {
    /// The horizon in days.
    public let days: Int
    /// The root of the mean squared error, in units of a basis' spread.
    public let size: Double
    /// The reaches of the intervals, indexed by `IntervalGroup.number`.
    public let reaches: [Reach]

    /// Creates a knot from measurements; a group without a reach gets an interval that is the present score alone.
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
  /// The share of the gap to the student's own averages that is expected to close.
  public let meanReversion: Double
  /// The errors by horizon, ascending.
  public let errors: [ErrorKnot]
  /// The coefficients of `ForecastBasis.riskTerms`, in log odds.
  public let risk: [Double]

  /// Creates a model from fitted coefficients.
  public init(growth: [Double], meanReversion: Double, errors: [ErrorKnot], risk: [Double]) {
    self.growth = growth
    self.meanReversion = meanReversion
    self.errors = errors
    self.risk = risk
  }

  /// The mastery expected after the given number of days, 0…1.
  public func expectation(_ basis: ForecastBasis, days: Int) -> Double {
    let pulls = basis.pullTerms(days: days)
    let growth = basis.growth(Self.sum(growth, basis.growthTerms(days: days)) + meanReversion * pulls.completion, days: days)
    return min(max(basis.mastery.value + growth + meanReversion * pulls.others, 0), 1)
  }

  /// The standard error expected after the given number of days, in points of mastery.
  public func standardError(_ basis: ForecastBasis, days: Int) -> Double {
    let (left, right, share) = knots(around: days)
    return (left.size + share * (right.size - left.size)) * basis.spread(days: days)
  }

  /// The range that 8 of 10 similar students are within after the given number of days, 0…1.
  ///
  /// It always contains the present score, because inactive students keep theirs. If more than 8 of 10 are inactive, the interval is only
  /// that score and covers more than the nominal share.
  public func interval(_ basis: ForecastBasis, days: Int) -> ClosedRange<Double> {
    let (left, right, share) = knots(around: days)
    let group = IntervalGroup(of: basis)
    let (near, far) = (left.reach(of: group), right.reach(of: group))
    let down = (near.down + share * (far.down - near.down)) * basis.spread(days: days)
    let up = (near.up + share * (far.up - near.up)) * basis.rise(days: days)
    let present = min(max(basis.mastery.value, 0), 1)
    return max(present - down, 0)...min(present + up, 1)
  }

  /// The two measured horizons around `days`, and the fraction of the way from the first to the second.
  private func knots(around days: Int) -> (ErrorKnot, ErrorKnot, share: Double) {
    let next = errors.firstIndex { $0.days >= days } ?? errors.count - 1
    let (left, right) = (errors[max(next - 1, 0)], errors[next])
    let share = left.days < right.days ? min(Double(days - left.days) / Double(right.days - left.days), 1) : 1
    return (left, right, share)
  }

  /// The probability that mastery will be under the threshold after the given number of days, given the expected change.
  public func risk(_ basis: ForecastBasis, days: Int, change: Double) -> Double {
    1 / (1 + exp(-Self.sum(risk, basis.riskTerms(days: days, change: change))))
  }

  private static func sum(_ coefficients: [Double], _ terms: [Double]) -> Double {
    zip(coefficients, terms).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
