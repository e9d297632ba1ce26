internal import JSON
internal import MasteryCore
internal import Schemas

/// A student's mastery on the days of a window.
struct HistoryRequest: Intent {
  private static let lengths = 7...90
  private static let student = Field.student("whose history is asked for")
  private static let course = Field.course("only what is known of this course; all courses together when missing")
  private static let startDate = Field.date("start_date", "the first day; together with end_date")
  private static let endDate = Field.date("end_date", "the last day, at most 90 days with the first; together with start_date")
  private static let days = Field.integer("days", lengths, "how many days up to today, instead of the two dates; 30 when missing")
  private static let aggregation = Field<Aggregation>.choice("aggregation", "how many days are shown as one; daily when missing")
  private static let format = Field<Format>.choice("format", "whether the history is a list or CSV text; json when missing")

  /// The output format of a history.
  private enum Format: String, CaseIterable {
    case json, csv
  }

  static let declaration = IntentDeclaration(
    name: "mastery_history", path: "/analytics/mastery-history", summary: "How a student stood day by day; with a summary.",
    audience: .concerned, perMinute: 30,
    fields: [
      student.required, course.declaration, startDate.declaration, endDate.declaration, days.declaration, aggregation.declaration,
      format.declaration,
    ],
    answers: [found.declaration],
    example: #"""
      {"student_id":"anna","days":7}
      """#)

  /// A student's history.
  private struct Found {
    let student: StudentID
    let course: CourseID?
    let aggregation: Aggregation
    let format: Format
    let periods: [HistoryPeriod]
    let summary: HistorySummary?
    let trend: Trend
    let days: Int
  }

  private static let found = AnswerShape(
    "the history and what it comes to",
    ObjectShape<Found>("History", "how a student stood day by day, and what that comes to") {
      Member("student_id", .id, "the student") { $0.student }
      Member.optional("course_id", .id, "the course that was asked for") { $0.course }
      Member("aggregation", .word, "how many days are shown as one") { $0.aggregation }
      Member("format", .word, "whether the history is a list or CSV text") { $0.format }
      Member("history", history, "the periods, from the first known day on: a list, or a table as text") { $0 }
      Member("summary", summary, "what the days come to") { $0 }
    })

  private static let summary = ObjectShape<Found>("HistorySummary", "what the days of a history come to; null if nothing is known") {
    Member.nullable("average", .score, "the mean") { $0.summary?.average }
    Member.nullable("highest", .score, "the highest mastery") { $0.summary?.highest }
    Member.nullable("lowest", .score, "the lowest mastery") { $0.summary?.lowest }
    Member.nullable("improvement", .change, "the last less the first mastery") { $0.summary?.improvement }
    Member("trend", .word, "the direction over the window") { $0.trend }
    Member("days", .count, "the known days") { $0.days }
  }

  private static let list = HistoryPeriod.shape.shape.list(0...90) as Shape<[HistoryPeriod]>
  private static let history = Shape<Found>(.either([list.schema, Shape<String>.text().schema])) { found, json in
    switch found.format {
    case .json: list.write(found.periods, to: &json)
    case .csv: json.string(HistoryTable.text(found.periods))
    }
  }

  private let student: StudentID
  private let course: CourseID?
  private let dates: ClosedRange<Day>?
  private let days: Int
  private let aggregation: Aggregation
  private let format: Format

  init(_ fields: RequestFields) throws(JSONInvalid) {
    student = try fields.required(Self.student)
    course = try fields.optional(Self.course)
    let days = try fields.optional(Self.days)
    dates = try Self.dates(fields, days: days)
    self.days = days ?? 30
    aggregation = try fields.optional(Self.aggregation) ?? .daily
    format = try fields.optional(Self.format) ?? .json
  }

  private static func dates(_ fields: RequestFields, days: Int?) throws(JSONInvalid) -> ClosedRange<Day>? {
    switch (try fields.optional(startDate), try fields.optional(endDate), days) {
    case (nil, nil, _): return nil
    case (let start?, let end?, nil):
      let length = start.distance(to: end) + 1
      guard lengths.contains(length) else {
        throw JSONInvalid(
          field: "end_date", value: end.iso8601,
          constraint: "must make \(lengths.lowerBound) to \(lengths.upperBound) days with start_date, both included")
      }
      return start...end
    case (_?, nil, nil): throw JSONInvalid(field: "end_date", value: nil, constraint: "is required beside start_date")
    case (nil, _?, nil): throw JSONInvalid(field: "start_date", value: nil, constraint: "is required beside end_date")
    case (_, _, let days?): throw JSONInvalid(field: "days", value: "\(days)", constraint: "must not stand beside start_date and end_date")
    }
  }

  var subject: StudentID? { student }

  func answer(_ context: IntentContext) async throws(Problem) -> Answer {
    let window = dates ?? context.today.advanced(by: 1 - days)...context.today
    guard window.upperBound <= context.today else {
      throw .invalid("end_date", value: window.upperBound.iso8601, "must not lie in the future")
    }
    let (document, scope) = try await context.document(of: student, in: course)
    let history = DailyHistory(of: document.evidence, scope, from: max(window.lowerBound, context.firstDay), through: window.upperBound)
    return Answer(
      Self.found,
      Found(
        student: student, course: course, aggregation: aggregation, format: format, periods: history.periods(aggregation),
        summary: history.summary, trend: history.trend(days: window.count, endingOn: window.upperBound), days: history.days.count))
  }
}
