internal import JSON
internal import MasteryCore

/// A history as comma-separated values (RFC 4180), with a header line.
enum HistoryTable {
  private static let lineEnd = "\r\n"

  /// The table of some periods; an unknown component is an empty field.
  static func text(_ periods: [HistoryPeriod]) -> String {
    let head = ["date", "score", "level"] + Component.allCases.map(\.rawValue) + ["evidence"]
    return ([head] + periods.map(fields)).map { $0.joined(separator: ",") + lineEnd }.joined()
  }

  private static func fields(of period: HistoryPeriod) -> [String] {
    let components = Component.allCases.map { component in period.components[component].map { number($0.value) } ?? "" }
    return [period.first.iso8601, number(period.score), period.level.rawValue] + components + [period.hasEvidence ? "true" : "false"]
  }

  /// A score formatted as in JSON.
  private static func number(_ value: Double) -> String {
    var json = JSONWriter(capacity: 8)
    json.shown(value)
    return json.text
  }
}
