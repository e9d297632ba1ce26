internal import JSON
internal import MasteryCore

/// The way from a student's present state to one without weak components, laid out by days.
struct LearningPathRequest: Intent {
  private static let student = Field.student("for whom")
  private static let course = Field.course("only what is known of this course; all courses together when missing")
  private static let goal = Field<LearningPath.Goal>.choice("goal", "what for; improve_mastery when missing")

  static let declaration = IntentDeclaration(
    name: "generate_path", path: "/recommendations/learning-path", summary: "A student's next areas, packed into days of an hour.",
    audience: .concerned, perMinute: 30,
    fields: [student.declaration, course.declaration, goal.declaration])

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
    return Answer { json in
      json.identity(student, nil, nil)
      if let course { json.member("course_id", course.text) }
      json.member("goal", path.goal.rawValue)
      json.member("path") { $0.areas(path.path) }
      json.array("daily_schedule", of: path.dailySchedule) { Self.write($1, to: &$0) }
      json.member("estimated_completion", path.estimatedCompletion.iso8601)
    }
  }

  private static func write(_ day: ScheduledDay, to json: inout JSONWriter) {
    json.object { json in
      json.member("date", day.day.iso8601)
      json.member("minutes", day.minutes)
      json.objects("items", of: day.items) { json, item in
        json.member("area", item.area.rawValue)
        json.member("minutes", item.minutes)
      }
    }
  }
}
