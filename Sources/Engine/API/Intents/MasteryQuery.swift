internal import JSON
internal import MasteryCore

/// A student's mastery, now or at the end of an earlier day.
struct MasteryQuery: Intent {
  private static let student = Field.student("whose mastery is asked for")
  private static let date = Field.date("date", "as of the end of that day, at most the retention ago; today when missing")
  private static let includeComponents = Field.boolean(
    "include_components", "whether components and their breakdown are shown; true when missing")

  private static let includeHistory = Field.boolean("include_history", "whether the days before are shown; false when missing")
  private static let historyDays = Field.integer("days_history", 1...90, "how many days of history, the last one included; 7 when missing")

  static let declaration = IntentDeclaration(
    name: "mastery_query", path: "/mastery/query", summary: "How a student stands, traced to the evidence.",
    audience: .concerned, perMinute: 50,
    fields: [student.declaration, date.declaration, includeComponents.declaration, includeHistory.declaration, historyDays.declaration])

  private let student: StudentID
  private let day: Day?
  private let includesComponents: Bool
  /// Number of days of history to show; nil for none.
  private let historyDays: Int?

  init(_ fields: RequestFields) throws(JSONInvalid) {
    student = try fields.required(Self.student)
    day = try fields.optional(Self.date)
    includesComponents = try fields.optional(Self.includeComponents) ?? true
    let days = try fields.optional(Self.historyDays) ?? 7
    historyDays = try fields.optional(Self.includeHistory) ?? false ? days : nil
  }

  var subject: StudentID? { student }

  func answer(_ context: IntentContext) async throws(Problem) -> Answer {
    if let day, !(context.firstDay...context.today).contains(day) {
      throw .invalid("date", value: day.iso8601, "must be a day from \(context.firstDay.iso8601) to today")
    }
    let document = try await context.document(of: student)
    let evidence = document.evidence
    // An unknown day is not a mastery of 0; the history leaves such days out as well.
    if let day, evidence.latest(asOf: day).isEmpty {
      throw .notFound("nothing is known of \(student.text) up to \(day.iso8601)")
    }
    let mastery = evidence.mastery(asOf: day)
    let lastDay = day ?? context.today
    let history = DailyHistory(of: evidence, from: max(lastDay.advanced(by: -29), context.firstDay), through: lastDay)
    let result = MasteryResult(
      mastery: mastery, evidence: evidence.latest(asOf: day), recommendations: Recommendations.for(mastery.components),
      timestamp: context.now, revision: document.ledger.revision, showsComponents: includesComponents)
    return Answer { json in
      json.identity(student, nil, nil)
      json.object("current_mastery") { result.write(to: &$0) }
      json.member("historical_average", shown: history.historicalAverage(endingOn: lastDay))
      json.member("trend", history.trend(endingOn: lastDay).rawValue)
      json.member("last_updated", document.ledger.lastRevision?.savedAt.iso8601)
      json.member("learning_path") { $0.areas(LearningPath.areas(for: mastery.components, goal: .improveMastery)) }
      if let historyDays {
        let first = max(lastDay.advanced(by: 1 - historyDays), context.firstDay)
        json.member("history") { $0.history(DailyHistory(of: evidence, from: first, through: lastDay).periods(.daily)) }
      }
    }
  }
}
