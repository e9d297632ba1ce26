internal import MasteryCore

/// A method of predicting mastery.
enum ForecastMethod: String, CaseIterable, Sendable {
  /// The engine's own.
  case engine
  /// The present value.
  case lastValue = "last-value"
  /// The extrapolated line through all days with evidence, by ordinary least squares.
  case leastSquares = "least-squares"
  /// The slope of the last three points in the list, treated as one point per day.
  case threePoints = "three-points"

  /// The name in tables.
  var title: String {
    switch self {
    case .engine: "this engine"
    case .lastValue: "last value carried forward"
    case .leastSquares: "least squares through all days"
    case .threePoints: "slope of the last three points"
    }
  }

  /// The mastery that the method expects, 0…1; `forecast` is the engine's own.
  func expectation(_ stop: CourseWalk.Stop, days: Int, forecast: Forecast.Expectation) -> Double {
    let value: Double
    switch self {
    case .engine: return forecast.score
    case .lastValue: value = stop.evidence.mastery(asOf: stop.today).value
    case .leastSquares: value = Self.line(Self.evidenceDays(stop), at: stop.today.advanced(by: days))
    case .threePoints:
      let points = Self.evidenceDays(stop).suffix(3).map(\.mastery.value)
      let present = stop.evidence.mastery(asOf: stop.today).value
      value = points.count < 2 ? present : present + Double(days) * ((points.last ?? 0) - points[0]) / Double(points.count - 1)
    }
    return min(max(value, 0), 1)
  }

  private static func evidenceDays(_ stop: CourseWalk.Stop) -> [HistoryDay] {
    guard let earliest = stop.evidence.firstDay else { return [] }
    return DailyHistory(of: stop.evidence, from: max(stop.first, earliest), through: stop.today).days.filter(\.hasEvidence)
  }

  /// The value at a given day of the line through the days.
  private static func line(_ days: [HistoryDay], at day: Day) -> Double {
    let count = Double(max(days.count, 1))
    let meanDay = days.reduce(0) { $0 + Double($1.day.number) } / count
    let mean = days.reduce(0) { $0 + $1.mastery.value } / count
    var spread = 0.0
    var joint = 0.0
    for known in days {
      spread += (Double(known.day.number) - meanDay) * (Double(known.day.number) - meanDay)
      joint += (Double(known.day.number) - meanDay) * (known.mastery.value - mean)
    }
    return mean + (spread > 0 ? joint / spread : 0) * (Double(day.number) - meanDay)
  }
}
