internal import JSON
internal import MasteryCore

/// The way from a student's present state to one without weak components, laid out by days.
struct LearningPathRequest: Intent {
  private static let student = Field.student("for whom")
  private static let goal = Field<LearningPath.Goal>.choice("goal", "what for; improve_mastery when missing")

  static let declaration = IntentDeclaration(
    name: "generate_path", path: "/recommendations/learning-path", summary: "A student's next areas, packed into days of an hour.",
    audience: .concerned, perMinute: 30,
    fields: [student.declaration, goal.declaration])

  private let student: StudentID
  private let goal: LearningPath.Goal

  init(_ fields: RequestFields) throws(JSONInvalid) {
    student = try fields.required(Self.student)
    goal = try fields.optional(Self.goal) ?? .improveMastery
  }

  var subject: StudentID? { student }

  func answer(_ context: IntentContext) async throws(Problem) -> Answer {
    let components = try await context.document(of: student).evidence.components()
    let path = LearningPath(for: components, goal: goal, today: context.today)
    return Answer { json in
      json.beginObject()
      json.identity(student, nil, nil)
      json.key("goal")
      json.string(path.goal.rawValue)
      json.key("path")
      json.areas(path.path)
      json.key("daily_schedule")
      json.beginArray()
      for day in path.dailySchedule { Self.write(day, to: &json) }
      json.endArray()
      json.key("estimated_completion")
      json.string(path.estimatedCompletion.iso8601)
      json.endObject()
    }
  }

  private static func write(_ day: ScheduledDay, to json: inout JSONWriter) {
    json.beginObject()
    json.key("date")
    json.string(day.day.iso8601)
    json.key("minutes")
    json.integer(day.minutes)
    json.key("items")
    json.beginArray()
    for item in day.items {
      json.beginObject()
      json.key("area")
      json.string(item.area.rawValue)
      json.key("minutes")
      json.integer(item.minutes)
      json.endObject()
    }
    json.endArray()
    json.endObject()
  }
}
