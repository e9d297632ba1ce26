internal import MasteryCore

/// A plot of forecast against truth.
struct BacktestPicture: Hashable, Sendable {
  /// The plotted data of forecasts within one twentieth of mastery.
  private struct Band: Hashable {
    var count = 0
    var expected = 0.0
    var low = 0.0
    var high = 0.0
    var truth = 0.0
    var covered = 0
  }

  private static let bands = 20
  private static let side = 400.0
  private static let margin = 50.0

  private var fields = [Int](repeating: 0, count: bands * bands)
  private var byBand = [Band](repeating: Band(), count: bands)

  /// Adds one forecast.
  mutating func add(_ forecast: Forecast.Expectation, truth: Double) {
    let column = min(Int(forecast.score * Double(Self.bands)), Self.bands - 1)
    let row = min(Int(truth * Double(Self.bands)), Self.bands - 1)
    fields[row * Self.bands + column] += 1
    byBand[column].count += 1
    byBand[column].expected += forecast.score
    byBand[column].low += forecast.low
    byBand[column].high += forecast.high
    byBand[column].truth += truth
    if (forecast.low - 1e-9...forecast.high + 1e-9).contains(truth) { byBand[column].covered += 1 }
  }

  /// The plot: on the left, the joint frequency of forecast and truth, with the mean truth and the mean interval; on the right, how often
  /// the truth was within the interval.
  func svg(title: String) -> String {
    let width = Int(2 * Self.side + 3 * Self.margin)
    let height = Int(Self.side + 2 * Self.margin)
    var parts = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(height)\" font-family=\"sans-serif\" font-size=\"12\">",
      "<rect width=\"\(width)\" height=\"\(height)\" fill=\"white\"/>",
      text(Double(width) / 2, 24, title, size: 15),
    ]
    parts += truths + coverages
    return (parts + ["</svg>"]).joined(separator: "\n") + "\n"
  }

  private var truths: [String] {
    let most = Double(fields.max() ?? 1)
    let cell = Self.side / Double(Self.bands)
    var parts = axes(left: Self.margin, x: "forecast", y: "what came true")
    for (index, count) in fields.enumerated() where count > 0 {
      let (row, column) = index.quotientAndRemainder(dividingBy: Self.bands)
      // The square root keeps small counts visible beside large ones.
      let shade = (Double(count) / most).squareRoot()
      parts.append(
        "<rect x=\"\(figure(Self.margin + Double(column) * cell))\" y=\"\(figure(Self.margin + Self.side - Double(row + 1) * cell))\" "
          + "width=\"\(figure(cell))\" height=\"\(figure(cell))\" fill=\"#2563a8\" fill-opacity=\"\(figure(shade))\"/>")
    }
    parts.append(line([(0, 0), (1, 1)], left: Self.margin, "#999999", dashes: true))
    let known = byBand.filter { $0.count > 0 }
    func mean(_ value: (Band) -> Double) -> [(Double, Double)] {
      known.map { ($0.expected / Double($0.count), value($0) / Double($0.count)) }
    }
    parts.append(line(mean { $0.low }, left: Self.margin, "#d97706", dashes: true))
    parts.append(line(mean { $0.high }, left: Self.margin, "#d97706", dashes: true))
    parts.append(line(mean { $0.truth }, left: Self.margin, "#b91c1c", dashes: false))
    return parts
  }

  private var coverages: [String] {
    let left = Self.side + 2 * Self.margin
    var parts = axes(left: left, x: "forecast", y: "share within the interval")
    parts.append(line([(0, Forecast.intervalLevel), (1, Forecast.intervalLevel)], left: left, "#999999", dashes: true))
    let points = byBand.filter { $0.count > 0 }.map { ($0.expected / Double($0.count), Double($0.covered) / Double($0.count)) }
    parts.append(line(points, left: left, "#b91c1c", dashes: false))
    return parts
  }

  private func axes(left: Double, x: String, y: String) -> [String] {
    let bottom = Self.margin + Self.side
    var parts = [
      "<rect x=\"\(figure(left))\" y=\"\(figure(Self.margin))\" width=\"\(figure(Self.side))\" height=\"\(figure(Self.side))\" "
        + "fill=\"none\" stroke=\"#444444\"/>",
      text(left + Self.side / 2, bottom + 36, x), text(left + Self.side / 2, Self.margin - 8, y),
    ]
    for tick in stride(from: 0.0, through: 1, by: 0.2) {
      parts.append(text(left + tick * Self.side, bottom + 18, figure(tick)))
      parts.append(text(left - 16, bottom - tick * Self.side + 4, figure(tick)))
    }
    return parts
  }

  private func line(_ points: [(Double, Double)], left: Double, _ colour: String, dashes: Bool) -> String {
    let coordinates = points.map { "\(figure(left + $0.0 * Self.side)),\(figure(Self.margin + Self.side * (1 - $0.1)))" }
    return "<polyline points=\"\(coordinates.joined(separator: " "))\" fill=\"none\" stroke=\"\(colour)\" stroke-width=\"2\""
      + (dashes ? " stroke-dasharray=\"6 4\"/>" : "/>")
  }

  private func text(_ x: Double, _ y: Double, _ words: String, size: Int = 12) -> String {
    let safe = words.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    return "<text x=\"\(figure(x))\" y=\"\(figure(y))\" text-anchor=\"middle\" font-size=\"\(size)\">\(safe)</text>"
  }

  private func figure(_ value: Double) -> String { DecimalText.decimals(2, value) }
}
