internal import Glibc

/// The numbers that forecasts are made with; the shipped ones are `ForecastModel.fitted`.
public struct ForecastModel: Hashable, Sendable {
  /// How far truth was off at one horizon, in units of a basis' spread.
  public struct ErrorKnot: Hashable, Sendable {
    /// The horizon.
    public let days: Int
    /// What 12 % of the errors lay under; not positive.
    public let low: Double
    /// What 8 % of the errors lay over; not negative.
    public let high: Double
    /// The root of the mean squared error.
    public let size: Double

    /// Holds what was measured at one horizon.
    public init(days: Int, low: Double, high: Double, size: Double) {
      self.days = days
      self.low = low
      self.high = high
      self.size = size
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

  /// The errors to be expected after so many days, in points of mastery.
  public func errors(_ basis: ForecastBasis, days: Int) -> ErrorKnot {
    let spread = basis.spread(days: days)
    let next = errors.firstIndex { $0.days >= days } ?? errors.count - 1
    let (left, right) = (errors[max(next - 1, 0)], errors[next])
    let share = left.days < right.days ? min(Double(days - left.days) / Double(right.days - left.days), 1) : 1
    func between(_ left: Double, _ right: Double) -> Double { (left + share * (right - left)) * spread }
    return ErrorKnot(
      days: days, low: between(left.low, right.low), high: between(left.high, right.high), size: between(left.size, right.size))
  }

  /// The probability that mastery will be under the threshold after so many days, given the change that is expected.
  public func risk(_ basis: ForecastBasis, days: Int, change: Double) -> Double {
    1 / (1 + exp(-Self.sum(risk, basis.riskTerms(days: days, change: change))))
  }

  private static func sum(_ coefficients: [Double], _ terms: [Double]) -> Double {
    zip(coefficients, terms).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
