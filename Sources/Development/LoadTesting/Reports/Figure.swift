/// A measured figure, and what it has to be.
public struct Figure: Sendable, Hashable {
  /// What a figure has to be.
  public enum Bound: Sendable, Hashable, CustomStringConvertible {
    /// Smaller than a value.
    case under(Double)
    /// A value or smaller.
    case atMost(Double)
    /// A value.
    case exactly(Double)

    /// The bound as it stands in a table.
    public var description: String {
      switch self {
      case .under(let value): "< \(Figure.text(value))"
      case .atMost(let value): "≤ \(Figure.text(value))"
      case .exactly(let value): "= \(Figure.text(value))"
      }
    }

    fileprivate func holds(_ value: Double) -> Bool {
      switch self {
      case .under(let bound): value < bound
      case .atMost(let bound): value <= bound
      case .exactly(let bound): value == bound
      }
    }
  }

  /// What it is.
  public let name: String
  /// How much; nil where nothing could be measured, which meets no bound.
  public let value: Double?
  /// The unit, empty for numbers of things.
  public let unit: String
  /// What it has to be; nil for a figure that is only told.
  public let bound: Bound?

  /// A figure.
  public init(_ name: String, _ value: Double?, _ unit: String = "", _ bound: Bound? = nil) {
    (self.name, self.value, self.unit, self.bound) = (name, value, unit, bound)
  }

  /// A number of things.
  public init(_ name: String, _ count: Int, _ bound: Bound? = nil) { self.init(name, Double(count), "", bound) }

  /// Whether it is what it has to be; nil without a bound.
  public var isMet: Bool? {
    bound.map { bound in value.map { bound.holds($0) } ?? false }
  }

  /// A number as it stands in a table: whole, or with up to two decimals.
  static func text(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
    let hundredths = Int((value * 100).rounded())
    if hundredths % 100 == 0 { return String(hundredths / 100) }
    let sign = hundredths < 0 ? "-" : ""
    let (whole, rest) = abs(hundredths).quotientAndRemainder(dividingBy: 100)
    if rest % 10 == 0 { return "\(sign)\(whole).\(rest / 10)" }
    return "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }
}
