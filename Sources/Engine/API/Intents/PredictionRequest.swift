internal import JSON
internal import MasteryCore

/// A student's expected mastery some days ahead.
struct PredictionRequest: Intent {
  private static let student = Field.student("whose mastery is predicted")
  private static let course = Field.course("only what is known of this course; all courses together when missing")
  private static let days = Field.integer(
    "timeframe_days", Forecast.horizons, "how many days ahead; 7 when missing", also: ["days"])
  private static let fresh = Field.boolean("fresh", "whether it is worked out anew, whatever is remembered")

  static let declaration = IntentDeclaration(
    name: "get_prediction", path: "/predictions/next-week",
    summary: "Where a student is expected to be, how sure that is, and whether somebody should step in.",
    audience: .concerned, perMinute: 20,
    fields: [student.declaration, course.declaration, days.declaration, fresh.declaration])

  private let student: StudentID
  private let course: CourseID?
  private let days: Int
  private let isFresh: Bool

  init(_ fields: RequestFields) throws(JSONInvalid) {
    student = try fields.required(Self.student)
    course = try fields.optional(Self.course)
    days = try fields.optional(Self.days) ?? Forecast.week
    isFresh = try fields.optional(Self.fresh) ?? false
  }

  var subject: StudentID? { student }

  func answer(_ context: IntentContext) async throws(Problem) -> Answer {
    let (document, scope) = try await context.document(of: student, in: course)
    let made = context.forecasts.forecast(
      of: document, scope, days: days, on: context.today, from: context.firstDay, now: context.now, isFresh: isFresh)
    let forecast = made.forecast
    return Answer { json in
      json.identity(student, nil, nil)
      if let course { json.member("course_id", course.text) }
      json.member("current_score", forecast.current.shown)
      Self.write(forecast.expectation, to: &json)
      json.member("trend", forecast.trend.rawValue)
      json.member("confidence", shown: forecast.confidence)
      json.member("reason_code", forecast.reason.code)
      json.member("reason", forecast.reason.sentence)
      json.member("timeframe_days", forecast.days)
      json.member("calculated_at", made.at.iso8601)
      json.member("cached", made.isRemembered)
    }
  }

  private static func write(_ expectation: Forecast.Expectation?, to json: inout JSONWriter) {
    json.member("predicted_score", expectation?.shown)
    json.member("predicted_level", expectation?.level.rawValue)
    json.object("interval", of: expectation) { json, expectation in
      json.member("low", shown: expectation.low)
      json.member("high", shown: expectation.high)
      json.member("level", Forecast.intervalLevel)
    }
    json.member("risk", shown: expectation?.risk)
    json.member("intervention_needed", expectation?.interventionNeeded)
  }
}
