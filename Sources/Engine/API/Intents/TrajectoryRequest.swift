internal import JSON
internal import MasteryCore

/// A student's past and expected mastery, day by day.
struct TrajectoryRequest: Intent {
  private static let student = Field.student("whose way is asked for")
  private static let days = Field.integer("days", 7...90, "how many days back; 30 when missing")
  private static let horizon = Field.integer("horizon_days", Forecast.horizons, "how many days ahead; 7 when missing")

  static let declaration = IntentDeclaration(
    name: "trajectory", path: "/predictions/trajectory", summary: "A student's last days, the coming ones, and the pattern of activity.",
    audience: .concerned, perMinute: 20,
    fields: [student.declaration, days.declaration, horizon.declaration])

  private let student: StudentID
  private let days: Int
  private let horizon: Int

  init(_ fields: RequestFields) throws(JSONInvalid) {
    student = try fields.required(Self.student)
    days = try fields.optional(Self.days) ?? 30
    horizon = try fields.optional(Self.horizon) ?? Forecast.week
  }

  var subject: StudentID? { student }

  func answer(_ context: IntentContext) async throws(Problem) -> Answer {
    let evidence = try await context.document(of: student).evidence
    let trajectory = Trajectory(of: evidence, days: days, horizon: horizon, asOf: context.today, from: context.firstDay)
    return Answer { json in
      json.beginObject()
      json.identity(student, nil, nil)
      json.key("trend")
      json.string(trajectory.trend.rawValue)
      json.key("pattern")
      Self.write(trajectory.pattern, to: &json)
      json.key("points")
      json.beginArray()
      for point in trajectory.points { Self.write(point, to: &json) }
      json.endArray()
      json.key("forecast")
      json.beginArray()
      for forecast in trajectory.forecast { Self.write(forecast, from: context.today, to: &json) }
      json.endArray()
      json.endObject()
    }
  }

  private static func write(_ pattern: LearningPattern, to json: inout JSONWriter) {
    json.beginObject()
    json.key("kind")
    json.string(pattern.kind.rawValue)
    json.key("active_days_per_week")
    json.shown(pattern.activeDaysPerWeek)
    json.key("longest_gap_days")
    json.integer(pattern.longestGapDays)
    json.key("reason")
    json.string(pattern.reason)
    json.endObject()
  }

  private static func write(_ point: HistoryDay, to json: inout JSONWriter) {
    json.beginObject()
    json.key("date")
    json.string(point.day.iso8601)
    json.key("score")
    json.number(point.mastery.shown)
    json.key("level")
    json.string(point.mastery.level.rawValue)
    json.endObject()
  }

  private static func write(_ forecast: Forecast, from today: Day, to json: inout JSONWriter) {
    guard let expectation = forecast.expectation else { return }
    json.beginObject()
    json.key("date")
    json.string(today.advanced(by: forecast.days).iso8601)
    json.key("score")
    json.number(expectation.shown)
    json.key("low")
    json.shown(expectation.low)
    json.key("high")
    json.shown(expectation.high)
    json.endObject()
  }
}
