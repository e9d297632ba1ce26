internal import JSON
internal import MasteryCore
internal import Schemas

/// A student's expected mastery some days ahead.
struct PredictionRequest: Intent {
  private static let student = Field.student("whose mastery is predicted")
  private static let course = Field.course("only what is known of this course; all courses together when missing")
  private static let days = Field.integer(
    "timeframe_days", Forecast.horizons, "how many days ahead; 7 when missing", also: ["days"])
  private static let fresh = Field.boolean("fresh", "whether it is worked out anew; else an earlier one of the same data may do")

  static let declaration = IntentDeclaration(
    name: "get_prediction", shortName: "predict", path: "/predictions/next-week",
    summary: "Where a student is expected to be, how sure that is, and whether somebody should step in.",
    audience: .concerned, perMinute: 20,
    fields: [student.required, course.declaration, days.declaration, fresh.declaration], answers: [predicted.declaration],
    example: #"""
      {"student_id":"anna"}
      """#)

  /// A prediction for a student.
  private struct Predicted {
    let student: StudentID
    let course: CourseID?
    let made: RecentForecasts.Made

    var forecast: Forecast { made.forecast }
    var expectation: Forecast.Expectation? { made.forecast.expectation }
  }

  private static let predicted = AnswerShape(
    "where the student is expected to be",
    ObjectShape<Predicted>("Prediction", "where a student is expected to be, and how sure that is") {
      Member("student_id", .id, "the student") { $0.student }
      Member.optional("course_id", .id, "the course that was asked for") { $0.course }
      Member("current_score", .score, "the mastery now") { $0.forecast.current.value }
      Member.nullable("predicted_score", .score, "the expected mastery; null before 3 days with evidence") { $0.expectation?.score }
      Member.nullable("predicted_level", .word, "the level of the expected mastery") { $0.expectation?.level }
      Member.nullable("interval", interval.shape, "where the mastery will lie in 8 of 10 cases") { $0.expectation }
      Member.nullable("risk", .score, "the probability of a mastery under 0.5") { $0.expectation?.risk }
      Member.nullable("intervention_needed", .boolean, "whether somebody should step in: from a risk of 0.5") {
        $0.expectation?.interventionNeeded
      }
      Member("trend", .word, "the direction over the horizon") { $0.forecast.trend }
      Member("confidence", .score, "how much evidence the prediction rests on: at most 0.9") { $0.forecast.confidence }
      Member("reason_code", .word, "the reason for programs") { $0.forecast.reason.code }
      Member("reason", .text(), "the reason in a sentence") { $0.forecast.reason.sentence }
      Member("timeframe_days", .integer(1...30), "how many days ahead") { $0.forecast.days }
      Member("calculated_at", .moment, "when this was worked out") { $0.made.at }
      Member("cached", .boolean, "whether it is remembered from an earlier request") { $0.made.isRemembered }
    })

  private static let interval = ObjectShape<Forecast.Expectation>("PredictionInterval", "a prediction interval") {
    Member("low", .score, "its lower end") { $0.low }
    Member("high", .score, "its upper end") { $0.high }
    Member("level", .number(0...1), "the probability that the mastery lies in it") { _ in Forecast.intervalLevel }
  }

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
    return Answer(Self.predicted, Predicted(student: student, course: course, made: made))
  }
}
