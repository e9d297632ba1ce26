/// The text in which metrics are handed out.
///
/// Sources: Prometheus, "Exposition formats", text format 0.0.4; OpenMetrics 1.0.
public struct Exposition: ~Copyable {
  /// The form of the text.
  public enum Format: Sendable {
    /// The Prometheus text format 0.0.4.
    case prometheus
    /// OpenMetrics 1.0, which has exemplars.
    case openMetrics

    /// OpenMetrics if the caller's `Accept` names it, or else the Prometheus text format.
    public init(accept: String?) {
      self = accept?.lowercased().contains("application/openmetrics-text") == true ? .openMetrics : .prometheus
    }

    /// The `Content-Type` of the text.
    public var contentType: String {
      switch self {
      case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
      case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
      }
    }
  }

  private let format: Format
  private var text = ""
  /// The name that the samples of the present family begin with.
  private var name = ""

  private init(_ format: Format) { self.format = format }

  /// The text of some families, each of another name.
  public static func text(of families: [any MetricFamily], _ format: Format) -> String {
    var exposition = Self(format)
    for family in families { family.write(to: &exposition) }
    if format == .openMetrics { exposition.text.append("# EOF\n") }
    return exposition.text
  }

  /// Begins a family.
  mutating func begin(_ declaration: MetricDeclaration) {
    name = declaration.name
    // The samples of a counter have `_total` behind the family's name, which in the older format belongs to it.
    if declaration.kind == .counter, name.hasSuffix("_total") { name.removeLast("_total".count) }
    let family = format == .openMetrics ? name : declaration.name
    text.append("# HELP \(family) \(Self.escaped(declaration.help, quotes: format == .openMetrics))\n")
    text.append("# TYPE \(family) \(declaration.kind.rawValue)\n")
  }

  /// Writes a sample of the family that was begun.
  mutating func sample(
    _ suffix: String, _ names: [String], _ values: [String], _ value: Double, _ exemplar: Distribution.Exemplar? = nil
  ) {
    text.append(name)
    text.append(suffix)
    if !names.isEmpty {
      text.append("{")
      text.append(zip(names, values).map { "\($0)=\"\(Self.escaped($1, quotes: true))\"" }.joined(separator: ","))
      text.append("}")
    }
    text.append(" ")
    text.append(Self.number(value))
    if format == .openMetrics, let exemplar { text.append(" # {trace_id=\"\(exemplar.trace)\"} \(Self.number(exemplar.value))") }
    text.append("\n")
  }

  /// Whole numbers without a fraction, others in their shortest form.
  private static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
    return Int64(exactly: value).map(String.init) ?? value.description
  }

  private static func escaped(_ text: String, quotes: Bool) -> String {
    var escaped = ""
    for character in text.unicodeScalars {
      switch character {
      case "\\": escaped.append(#"\\"#)
      case "\n": escaped.append(#"\n"#)
      case "\"" where quotes: escaped.append(#"\""#)
      default: escaped.unicodeScalars.append(character)
      }
    }
    return escaped
  }
}
