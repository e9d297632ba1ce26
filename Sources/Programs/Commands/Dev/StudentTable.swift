internal import MasteryCore

/// The present and expected mastery of students and their weakest topic, those who need help first.
struct StudentTable: Sendable {
  /// One student.
  struct Row: Hashable, Sendable {
    let student: String
    let standing: StudentStanding
    let outlook: StudentOutlook
  }

  private let rows: [Row]

  init(rows: [Row]) {
    self.rows = rows.sorted { ($1.risk, $0.standing.mastery, $0.student) < ($0.risk, $1.standing.mastery, $1.student) }
  }

  /// The table with at most `limit` rows, and a summary of all students.
  func text(limit: Int) -> String {
    let shown = rows.prefix(limit)
    let showsTopics = rows.contains { !$0.standing.topics.isEmpty }
    let cells = [Self.head(showsTopics)] + shown.map { $0.cells(showsTopics) }
    let widths = cells[0].indices.dropLast().map { column in cells.map { $0[column].count }.max() ?? 0 }
    var lines = cells.map { cells in
      zip(cells, widths + [0]).map { $0 + String(repeating: " ", count: max($1 - $0.count, 0)) }.joined(separator: "  ")
    }
    lines.insert(String(repeating: "-", count: lines.map(\.count).max() ?? 0), at: 1)
    if shown.count < rows.count { lines.append("… and \(rows.count - shown.count) more (--all shows all)") }
    let levels = Level.allCases.map { level in "\(level.rawValue) \(rows.count { $0.standing.level == level.rawValue })" }
    let help = rows.count { $0.outlook.expectation?.needsHelp ?? false }
    lines += [""] + footnote(shown)
    lines += [
      "\(rows.count) students: \(levels.joined(separator: ", "))",
      "\(help) need help: they are more likely than not to be under 0.5 in a week, the first of the table most of all",
    ]
    return (lines + commonest).joined(separator: "\n")
  }

  private static func head(_ showsTopics: Bool) -> [String] {
    ["student", "mastery", "in a week", "risk", "level"] + (showsTopics ? ["weakest topic"] : []) + ["what would raise it most"]
  }

  /// What the star beside a topic means, if there is one.
  private func footnote(_ shown: some Sequence<Row>) -> [String] {
    let isUnsure = shown.contains { $0.standing.topics.first?.isAssessed == false }
    return isUnsure ? ["* of none of the student's topics is there enough data to be sure"] : []
  }

  /// The topic that is the weakest one most often, if any is known well enough.
  private var commonest: [String] {
    let weakest = rows.compactMap { row in
      row.standing.topics.first.flatMap { $0.isAssessed ? row.standing.name(of: $0) : nil }
    }
    let counts = Dictionary(grouping: weakest, by: \.self).mapValues(\.count)
    guard let most = counts.min(by: { ($1.value, $0.key) < ($0.value, $1.key) }) else { return [] }
    return ["weakest most often: \(most.key), for \(most.value) of the \(weakest.count) students with enough data"]
  }
}

extension StudentTable.Row {
  /// The probability of being under 0.5 in a week; without a prediction, 0.5 if mastery is under 0.5 now.
  fileprivate var risk: Double { outlook.expectation?.risk ?? (standing.mastery < ForecastBasis.riskThreshold ? 0.5 : 0) }

  /// The row's cells; beside a topic there is no room for the area of the advice.
  fileprivate func cells(_ showsTopic: Bool) -> [String] {
    let first = standing.advice.first.map { advice in
      "\(advice.component)\(showsTopic ? "" : ": \(advice.area)") (+\(DecimalText.decimals(3, advice.gain)))"
    }
    let topic = standing.topics.first.map { topic in
      "\(standing.name(of: topic)) \(DecimalText.decimals(3, topic.score))\(topic.isAssessed ? "" : " *")"
    }
    let next = outlook.expectation
    return [
      student, DecimalText.decimals(3, standing.mastery), next.map { DecimalText.decimals(3, $0.score) } ?? "-",
      next.map { "\(DecimalText.decimals(0, $0.risk * 100)) %" } ?? "-", standing.level,
    ] + (showsTopic ? [topic ?? "-"] : []) + [first ?? "nothing is weak"]
  }
}
