internal import JSON
internal import MasteryCore

/// A student's past and expected mastery, day by day.
struct TrajectoryRequest: Intent {
  private static let student = Field.student("whose way is asked for")
  private static let course = Field.course("only what is known of this course; all courses together when missing")
  private static let days = Field.integer("days", 7...90, "how many days back; 30 when missing")
  private static let horizon = Field.integer("horizon_days", Forecast.horizons, "how many days ahead; 7 when missing")

  static let declaration = IntentDeclaration(
    name: "trajectory", path: "/predictions/trajectory", summary: "A student's last days, the coming ones, and the pattern of activity.",
    audience: .concerned, perMinute: 20,
    fields: [student.declaration, course.declaration, days.declaration, horizon.declaration])

  private let student: StudentID
  private let course: CourseID?
  private let days: Int
  private let horizon: Int

  init(_ fields: RequestFields) throws(JSONInvalid) {
    student = try fields.required(Self.student)
    course = try fields.optional(Self.course)
    days = try fields.optional(Self.days) ?? 30
    horizon = try fields.optional(Self.horizon) ?? Forecast.week
  }

  var subject: StudentID? { student }

  func answer(_ context: IntentContext) async throws(Problem) -> Answer {
    let (document, scope) = try await context.document(of: student, in: course)
    let trajectory = Trajectory(of: document.evidence, scope, days: days, horizon: horizon, asOf: context.today, from: context.firstDay)
    return Answer { json in
      json.identity(student, nil, nil)
      if let course { json.member("course_id", course.text) }
      json.member("trend", trajectory.trend.rawValue)
      json.member("pattern") { Self.write(trajectory.pattern, to: &$0) }
      json.array("points", of: trajectory.points) { Self.write($1, to: &$0) }
      json.array("forecast", of: trajectory.forecast) { Self.write($1, from: context.today, to: &$0) }
    }
  }

  private static func write(_ pattern: LearningPattern, to json: inout JSONWriter) {
    json.object { json in
      json.member("kind", pattern.kind.rawValue)
      json.member("active_days_per_week", shown: pattern.activeDaysPerWeek)
      json.member("longest_gap_days", pattern.longestGapDays)
      json.member("reason", pattern.reason)
    }
  }

  private static func write(_ point: HistoryDay, to json: inout JSONWriter) {
    json.object { json in
      json.member("date", point.day.iso8601)
      json.member("score", point.mastery.shown)
      json.member("level", point.mastery.level.rawValue)
    }
  }

  private static func write(_ forecast: Forecast, from today: Day, to json: inout JSONWriter) {
    guard let expectation = forecast.expectation else { return }
    json.object { json in
      json.member("date", today.advanced(by: forecast.days).iso8601)
      json.member("score", expectation.shown)
      json.member("low", shown: expectation.low)
      json.member("high", shown: expectation.high)
    }
  }
}
