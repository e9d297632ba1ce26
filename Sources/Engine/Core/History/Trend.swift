/// The direction of mastery.
public enum Trend: String, CaseIterable, Hashable, Sendable {
  /// It rises by more than 0.02 and by more than chance explains.
  case improving
  /// It falls by more than 0.02 and by more than chance explains.
  case declining
  /// Neither, or too little is known.
  case stable

  /// The trend of an expected change with the given standard error.
  public init(change: Double, standardError: Double) {
    let size = Rounding.billionths(abs(change))
    if size <= Rounding.billionths(0.02) || size <= Rounding.billionths(standardError) {
      self = .stable
    } else {
      self = change > 0 ? .improving : .declining
    }
  }

  /// The trend of dated values, by ordinary least squares over real days; fewer than 3 values are stable.
  ///
  /// The change is the one over `window` days. Its standard error is the slope's, √(Σ residual² / (n − 2) / Σ (day − mean)²), times the
  /// same number of days.
  init(of points: [(day: Day, value: Double)], over window: Int) {
    guard points.count >= 3 else {
      self = .stable
      return
    }
    let count = Double(points.count)
    let meanDay = points.reduce(0) { $0 + Double($1.day.number) } / count
    let meanValue = points.reduce(0) { $0 + $1.value } / count
    var spread = 0.0
    var joint = 0.0
    for (day, value) in points {
      spread += (Double(day.number) - meanDay) * (Double(day.number) - meanDay)
      joint += (Double(day.number) - meanDay) * (value - meanValue)
    }
    let slope = joint / spread
    let residuals = points.reduce(0) { sum, point in
      let residual = point.value - meanValue - slope * (Double(point.day.number) - meanDay)
      return sum + residual * residual
    }
    let slopeError = (residuals / (count - 2) / spread).squareRoot()
    self.init(change: slope * Double(window), standardError: slopeError * Double(window))
  }
}
