internal import JSON

/// A student's past and expected mastery, as answered by `/predictions/trajectory`.
struct StudentTrajectory: Hashable, Sendable {
  /// The expectation for a coming day.
  struct Expectation: Hashable, Sendable {
    let score: Double
    let low: Double
    let high: Double
  }

  let trend: String
  /// The pattern of activity in words.
  let pattern: String
  /// Mastery at the end of each day, the last one today.
  let points: [Double]
  /// The coming days.
  let forecast: [Expectation]
}

extension StudentTrajectory {
  /// Reads the answer's data; nil if it is not of the expected form.
  init?(_ data: JSONValue) {
    guard let trend = data["trend"]?.string, let pattern = data["pattern"]?["reason"]?.string, let points = data["points"],
      let forecast = data["forecast"]
    else { return nil }
    self.trend = trend
    self.pattern = pattern
    self.points = points.elements.compactMap { $0["score"]?.number }
    self.forecast = forecast.elements.compactMap { day in
      guard let score = day["score"]?.number, let low = day["low"]?.number, let high = day["high"]?.number else { return nil }
      return Expectation(score: score, low: low, high: high)
    }
  }
}
