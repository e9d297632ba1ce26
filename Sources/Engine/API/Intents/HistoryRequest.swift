internal import JSON
internal import MasteryCore

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
    name: "mastery_history", path: "/analytics/mastery-history", summary: "How a student stood day by day, and what that comes to.",
    audience: .concerned, perMinute: 30,
    fields: [
      student.declaration, course.declaration, startDate.declaration, endDate.declaration, days.declaration, aggregation.declaration,
      format.declaration,
    ])

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
    let periods = history.periods(aggregation)
    return Answer { json in
      json.identity(student, nil, nil)
      if let course { json.member("course_id", course.text) }
      json.member("aggregation", aggregation.rawValue)
      json.member("format", format.rawValue)
      switch format {
      case .json: json.member("history") { $0.history(periods) }
      case .csv: json.member("history", HistoryTable.text(periods))
      }
      json.member("summary") { Self.write(history, of: window, to: &$0) }
    }
  }

  private static func write(_ history: DailyHistory, of window: ClosedRange<Day>, to json: inout JSONWriter) {
    let summary = history.summary
    json.object { json in
      for (name, value) in [
        ("average", summary?.average), ("highest", summary?.highest), ("lowest", summary?.lowest), ("improvement", summary?.improvement),
      ] {
        json.member(named: name, shown: value)
      }
      json.member("trend", history.trend(days: window.count, endingOn: window.upperBound).rawValue)
      json.member("days", history.days.count)
    }
  }
}
