internal import JSON
internal import MasteryCore

/// Recommended next steps of a student, the most rewarding first.
struct AdaptiveRecommendations: Intent {
  private static let student = Field.student("for whom")
  private static let course = Field.course("only what is known of this course; all courses together when missing")
  private static let limit = Field.integer("limit", 1...10, "most recommendations; 5 when missing")
  private static let priority = Field<Priority>.choice("priority", "only those of that priority")

  static let declaration = IntentDeclaration(
    name: "adaptive_recommendations", path: "/recommendations/adaptive", summary: "What a student should do next, and why.",
    audience: .concerned, perMinute: 30,
    fields: [student.declaration, course.declaration, limit.declaration, priority.declaration])

  private let student: StudentID
  private let course: CourseID?
  private let limit: Int
  private let priority: Priority?

  init(_ fields: RequestFields) throws(JSONInvalid) {
    student = try fields.required(Self.student)
    course = try fields.optional(Self.course)
    limit = try fields.optional(Self.limit) ?? Recommendations.defaultLimit
    priority = try fields.optional(Self.priority)
  }

  var subject: StudentID? { student }

  func answer(_ context: IntentContext) async throws(Problem) -> Answer {
    let (document, scope) = try await context.document(of: student, in: course)
    let mastery = document.evidence.mastery(of: scope)
    let recommendations = Recommendations.for(
      mastery.components, limit: limit, priority: priority, targets: document.evidence.targets(of: scope))
    return Answer { json in
      json.identity(student, nil, nil)
      if let course { json.member("course_id", course.text) }
      json.member("mastery_score", mastery.shown)
      json.member("level", mastery.level.rawValue)
      json.member("recommendations") { $0.recommendations(recommendations) }
    }
  }
}
