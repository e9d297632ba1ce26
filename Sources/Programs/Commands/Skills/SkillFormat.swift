internal import JSON
internal import MasteryService

/// How an answer is printed.
enum SkillFormat: String, CaseIterable, Sendable {
  /// In one line, without what is null.
  case compact
  /// As the engine gives it, in one line.
  case json
  /// For people.
  case table
  /// For spreadsheets: the rows of the answer's list (RFC 4180), or, unless it has exactly one, each value by its name.
  case csv

  /// The text of an answer's data.
  func text(of data: JSONValue) -> String {
    switch self {
    case .compact: return CompactAnswer.text(of: data)
    case .json:
      var json = JSONWriter()
      json.copy(data)
      return json.text
    case .table: return AnswerTable(data).text
    case .csv: return AnswerTable(data).csv
    }
  }
}
