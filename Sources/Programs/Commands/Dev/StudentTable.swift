internal import MasteryCore

/// The present and expected mastery of students, those who need help first.
struct StudentTable: Sendable {
  /// One student.
  struct Row: Hashable, Sendable {
    let student: String
    let standing: StudentStanding
    let outlook: StudentOutlook
  }

  private static let head = ["student", "mastery", "in a week", "risk", "level", "what would raise it most"]

  private let rows: [Row]

  init(rows: [Row]) {
    self.rows = rows.sorted { ($1.risk, $0.standing.mastery, $0.student) < ($0.risk, $1.standing.mastery, $1.student) }
  }

  /// The table with at most `limit` rows, and a summary of all students.
  func text(limit: Int) -> String {
    let shown = rows.prefix(limit)
    let cells = [Self.head] + shown.map(\.cells)
    let widths = Self.head.indices.dropLast().map { column in cells.map { $0[column].count }.max() ?? 0 }
    var lines = cells.map { cells in
      zip(cells, widths + [0]).map { $0 + String(repeating: " ", count: max($1 - $0.count, 0)) }.joined(separator: "  ")
    }
    lines.insert(String(repeating: "-", count: lines.map(\.count).max() ?? 0), at: 1)
    if shown.count < rows.count { lines.append("… and \(rows.count - shown.count) more (--all shows all)") }
    let levels = Level.allCases.map { level in "\(level.rawValue) \(rows.count { $0.standing.level == level.rawValue })" }
    let help = rows.count { $0.outlook.expectation?.needsHelp ?? false }
    return
      (lines + [
        "", "\(rows.count) students: \(levels.joined(separator: ", "))",
        "\(help) need help: they are more likely than not to be under 0.5 in a week, the first of the table most of all",
      ]).joined(separator: "\n")
  }
}

extension StudentTable.Row {
  /// The probability of being under 0.5 in a week; without a prediction, 0.5 if mastery is under 0.5 now.
  fileprivate var risk: Double { outlook.expectation?.risk ?? (standing.mastery < ForecastBasis.riskThreshold ? 0.5 : 0) }

  fileprivate var cells: [String] {
    let first = standing.advice.first.map { "\($0.component): \($0.area) (+\(DecimalText.decimals(3, $0.gain)))" } ?? "nothing is weak"
    let next = outlook.expectation
    return [
      student, DecimalText.decimals(3, standing.mastery), next.map { DecimalText.decimals(3, $0.score) } ?? "-",
      next.map { "\(DecimalText.decimals(0, $0.risk * 100)) %" } ?? "-", standing.level, first,
    ]
  }
}
