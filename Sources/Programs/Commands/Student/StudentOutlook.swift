internal import JSON

/// A student's expected mastery, as answered by `/predictions/next-week`.
struct StudentOutlook: Hashable, Sendable {
  /// The expectation.
  struct Expectation: Hashable, Sendable {
    let score: Double
    let level: String
    let low: Double
    let high: Double
    /// The probability of being under 0.5.
    let risk: Double
    let needsHelp: Bool
  }

  /// Nil if nothing is predicted.
  let expectation: Expectation?
  let reason: String
}

extension StudentOutlook {
  /// Reads the answer's data; nil if it is not of the expected form.
  init?(_ data: JSONValue) {
    guard let reason = data["reason"]?.string, data["predicted_score"] != nil else { return nil }
    expectation = Expectation(data)
    self.reason = reason
  }
}

extension StudentOutlook.Expectation {
  fileprivate init?(_ data: JSONValue) {
    guard let score = data["predicted_score"]?.number, let level = data["predicted_level"]?.string, let interval = data["interval"],
      let low = interval["low"]?.number, let high = interval["high"]?.number, let risk = data["risk"]?.number,
      let needsHelp = data["intervention_needed"]?.boolean
    else { return nil }
    self.init(score: score, level: level, low: low, high: high, risk: risk, needsHelp: needsHelp)
  }
}
