/// The error of a method's forecasts.
struct Accuracy: Hashable, Sendable {
  private(set) var count = 0
  private var squares = 0.0
  private var sizes = 0.0
  private var near = 0

  /// Adds one forecast.
  mutating func add(_ forecast: Double, truth: Double) {
    let error = abs(forecast - truth)
    count += 1
    squares += error * error
    sizes += error
    if error <= 0.1 { near += 1 }
  }

  /// The root mean squared error.
  var rootMeanSquare: Double { (squares / Double(max(count, 1))).squareRoot() }
  /// The mean absolute error.
  var mean: Double { sizes / Double(max(count, 1)) }
  /// The share of forecasts within 0.10 of the truth.
  var withinTenth: Double { Double(near) / Double(max(count, 1)) }
}
