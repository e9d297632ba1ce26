internal import JSON
internal import MasteryCore
internal import Schemas

/// The way from a student's present state to one without weak components, laid out by days.
struct LearningPathRequest: Intent {
  private static let student = Field.student("for whom")
  private static let course = Field.course("only what is known of this course; all courses together when missing")
  private static let goal = Field<LearningPath.Goal>.choice("goal", "what for; improve_mastery when missing")

  static let declaration = IntentDeclaration(
    name: "generate_path", shortName: "path", path: "/recommendations/learning-path",
    summary: "A student's next areas, packed into days of an hour.",
    audience: .concerned, perMinute: 30,
    fields: [student.required, course.declaration, goal.declaration], answers: [found.declaration],
    example: #"""
      {"student_id":"anna"}
      """#)

  /// A student's path.
  private struct Found {
    let student: StudentID
    let course: CourseID?
    let path: LearningPath
  }

  private static let found = AnswerShape(
    "the path",
    ObjectShape<Found>("LearningPath", "a student's next areas, packed into days of an hour") {
      Member("student_id", .id, "the student") { $0.student }
      Member.optional("course_id", .id, "the course that was asked for") { $0.course }
      Member("goal", .word, "what the path is for") { $0.path.goal }
      Member("path", Shape<Area>.word.list(), "the areas in working order") { $0.path.path }
      Member("daily_schedule", scheduledDay.shape.list(), "the days from today on, each with at most an hour of work") {
        $0.path.dailySchedule
      }
      Member("estimated_completion", .day, "the last day of the schedule") { $0.path.estimatedCompletion }
    })

  private static let scheduledDay = ObjectShape<ScheduledDay>("ScheduledDay", "the work of a day") {
    Member("date", .day, "the day") { $0.day }
    Member("minutes", .integer(0...Int64(ScheduledDay.minutesADay)), "the minutes of work") { $0.minutes }
    Member("items", item.shape.list(), "what to work on that day") { $0.items }
  }

  private static let item = ObjectShape<ScheduledDay.Item>("ScheduledItem", "a piece of work") {
    Member("area", .word, "what to work on") { $0.area }
    Member("minutes", .integer(0...Int64(ScheduledDay.minutesADay)), "for how many minutes") { $0.minutes }
  }

  private let student: StudentID
  private let course: CourseID?
  private let goal: LearningPath.Goal

  init(_ fields: RequestFields) throws(JSONInvalid) {
    student = try fields.required(Self.student)
    course = try fields.optional(Self.course)
    goal = try fields.optional(Self.goal) ?? .improveMastery
  }

  var subject: StudentID? { student }

  func answer(_ context: IntentContext) async throws(Problem) -> Answer {
    let (document, scope) = try await context.document(of: student, in: course)
    let components = document.evidence.components(of: scope)
    let path = LearningPath(for: components, goal: goal, today: context.today)
    return Answer(Self.found, Found(student: student, course: course, path: path))
  }
}
