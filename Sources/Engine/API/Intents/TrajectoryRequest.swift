internal import JSON
internal import MasteryCore
internal import Schemas

/// A student's past and expected mastery, day by day.
struct TrajectoryRequest: Intent {
  private static let student = Field.student("whose way is asked for")
  private static let course = Field.course("only what is known of this course; all courses together when missing")
  private static let days = Field.integer("days", 7...90, "how many days back; 30 when missing")
  private static let horizon = Field.integer("horizon_days", Forecast.horizons, "how many days ahead; 7 when missing")

  static let declaration = IntentDeclaration(
    name: "trajectory", path: "/predictions/trajectory", summary: "A student's last days, the coming ones, and the pattern of activity.",
    audience: .concerned, perMinute: 20,
    fields: [student.required, course.declaration, days.declaration, horizon.declaration], answers: [found.declaration],
    example: #"""
      {"student_id":"anna","days":7,"horizon_days":3}
      """#)

  /// A student's way.
  private struct Found {
    let student: StudentID
    let course: CourseID?
    let trajectory: Trajectory
    let today: Day

    /// The expected days, with their expectations.
    var expected: [ExpectedDay] {
      trajectory.forecast.compactMap { forecast in
        forecast.expectation.map { ExpectedDay(day: today.advanced(by: forecast.days), expectation: $0) }
      }
    }
  }

  /// A day to come.
  private struct ExpectedDay {
    let day: Day
    let expectation: Forecast.Expectation
  }

  private static let found = AnswerShape(
    "the last days and the coming ones",
    ObjectShape<Found>("Trajectory", "a student's last days, the coming ones, and the pattern of activity") {
      Member("student_id", .id, "the student") { $0.student }
      Member.optional("course_id", .id, "the course that was asked for") { $0.course }
      Member("trend", .word, "the direction of the last days") { $0.trajectory.trend }
      Member("pattern", pattern, "how the student works") { $0.trajectory.pattern }
      Member("points", point.shape.list(), "the last days on which something is known") { $0.trajectory.points }
      Member("forecast", expectedDay.shape.list(), "the coming days; empty before 3 days with evidence") { $0.expected }
    })

  private static let pattern = ObjectShape<LearningPattern>("LearningPattern", "how a student works") {
    Member("kind", .word, "the pattern") { $0.kind }
    Member("active_days_per_week", .number(0...7), "days with evidence a week, rounded to 3 decimals") {
      Rounding.decimals(3, of: $0.activeDaysPerWeek)
    }
    Member("longest_gap_days", .count, "the most days in a row without evidence") { $0.longestGapDays }
    Member("reason", .text(), "why, in a sentence") { $0.reason }
  }

  private static let point = ObjectShape<HistoryDay>("TrajectoryPoint", "how the student stood on a day") {
    Member("date", .day, "the day") { $0.day }
    Member("score", .score, "the mastery at its end") { $0.mastery.value }
    Member("level", .word, "the level of that mastery") { $0.mastery.level }
  }

  private static let expectedDay = ObjectShape<ExpectedDay>("ExpectedDay", "where the student is expected to be on a day") {
    Member("date", .day, "the day") { $0.day }
    Member("score", .score, "the expected mastery") { $0.expectation.score }
    Member("low", .score, "the lower end of the interval that holds it in 8 of 10 cases") { $0.expectation.low }
    Member("high", .score, "the upper end of that interval") { $0.expectation.high }
  }

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
    return Answer(Self.found, Found(student: student, course: course, trajectory: trajectory, today: context.today))
  }
}
