internal import JSON
internal import MasteryCore

/// How students stand, the weakest first.
struct StudentTable: Sendable {
  /// One student.
  struct Row: Hashable, Sendable {
    let student: String
    let mastery: Double
    let level: String
    /// What would raise it most.
    let advice: String
  }

  private let rows: [Row]

  init(rows: [Row]) {
    self.rows = rows.sorted { ($0.mastery, $0.student) < ($1.mastery, $1.student) }
  }

  /// The table with that many rows at the most, and what all of them come to.
  func text(limit: Int) -> String {
    let shown = rows.prefix(limit)
    let cells = [["student", "mastery", "level", "what would raise it most"]] + shown.map(\.cells)
    let widths = (0..<3).map { column in cells.map { $0[column].count }.max() ?? 0 }
    var lines = cells.map { cells in
      zip(cells, widths + [0]).map { $0 + String(repeating: " ", count: max($1 - $0.count, 0)) }.joined(separator: "  ")
    }
    lines.insert(String(repeating: "-", count: lines.map(\.count).max() ?? 0), at: 1)
    if shown.count < rows.count { lines.append("… and \(rows.count - shown.count) more (--all shows all)") }
    let levels = Level.allCases.map { level in "\(level.rawValue) \(rows.count { $0.level == level.rawValue })" }
    return (lines + ["", "\(rows.count) students: \(levels.joined(separator: ", "))"]).joined(separator: "\n")
  }
}

extension StudentTable.Row {
  /// Reads what the service answers to a query; nil when it is no such answer.
  init?(student: String, answer: [UInt8]) {
    let read = try? JSONDocument.parse(answer) { root -> (Double, String, String)? in
      guard let mastery = root["data"]?["current_mastery"], let score = mastery["mastery_score"]?.number,
        let level = mastery["level"]?.string
      else { return nil }
      let first = mastery["recommendations"]?.elements.first { _ in true }
      return (score, level, first.flatMap { Self.advice($0) } ?? "nothing is weak")
    }
    guard let found = read ?? nil else { return nil }
    (mastery, level, advice) = found
    self.student = student
  }

  private static func advice(_ recommendation: JSONValue) -> String? {
    guard let component = recommendation["component"]?.string, let area = recommendation["area"]?.string,
      let gain = recommendation["expected_gain"]?.number
    else { return nil }
    return "\(component): \(area) (+\(DecimalText.places(3, gain)))"
  }

  fileprivate var cells: [String] { [student, DecimalText.places(3, mastery), level, advice] }
}
