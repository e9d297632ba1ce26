internal import JSON
internal import MasteryCore

/// A student's expected mastery some days ahead.
struct PredictionRequest: Intent {
  private static let student = Field.student("whose mastery is predicted")
  private static let days = Field.integer(
    "timeframe_days", Forecast.horizons, "how many days ahead; 7 when missing", also: ["days"])
  private static let fresh = Field.boolean("fresh", "whether it is worked out anew, whatever is remembered")

  static let declaration = IntentDeclaration(
    name: "get_prediction", path: "/predictions/next-week",
    summary: "Where a student is expected to be, how sure that is, and whether somebody should step in.",
    audience: .concerned, perMinute: 20,
    fields: [student.declaration, days.declaration, fresh.declaration])

  private let student: StudentID
  private let days: Int
  private let isFresh: Bool

  init(_ fields: RequestFields) throws(JSONInvalid) {
    student = try fields.required(Self.student)
    days = try fields.optional(Self.days) ?? Forecast.week
    isFresh = try fields.optional(Self.fresh) ?? false
  }

  var subject: StudentID? { student }

  func answer(_ context: IntentContext) async throws(Problem) -> Answer {
    let document = try await context.document(of: student)
    let made = context.forecasts.forecast(of: document, days: days, from: context.firstDay, now: context.now, isFresh: isFresh)
    let forecast = made.forecast
    return Answer { json in
      json.beginObject()
      json.identity(student, nil, nil)
      json.key("current_score")
      json.number(forecast.current.shown)
      Self.write(forecast.expectation, to: &json)
      json.key("trend")
      json.string(forecast.trend.rawValue)
      json.key("confidence")
      json.shown(forecast.confidence)
      json.key("reason_code")
      json.string(forecast.reason.code)
      json.key("reason")
      json.string(forecast.reason.sentence)
      json.key("timeframe_days")
      json.integer(forecast.days)
      json.key("calculated_at")
      json.string(made.at.iso8601)
      json.key("cached")
      json.boolean(made.isRemembered)
      json.endObject()
    }
  }

  private static func write(_ expectation: Forecast.Expectation?, to json: inout JSONWriter) {
    json.key("predicted_score")
    json.number(expectation?.shown)
    json.key("predicted_level")
    json.string(expectation?.level.rawValue)
    json.key("interval")
    if let expectation {
      json.beginObject()
      json.key("low")
      json.shown(expectation.low)
      json.key("high")
      json.shown(expectation.high)
      json.key("level")
      json.number(Forecast.intervalLevel)
      json.endObject()
    } else {
      json.null()
    }
    json.key("risk")
    json.shown(expectation?.risk)
    json.key("intervention_needed")
    json.boolean(expectation?.interventionNeeded)
  }
}
