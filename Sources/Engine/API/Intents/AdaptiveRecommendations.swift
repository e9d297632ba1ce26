internal import JSON
internal import MasteryCore
internal import Schemas

/// Recommended next steps of a student, the most rewarding first.
struct AdaptiveRecommendations: Intent {
  private static let student = Field.student("for whom")
  private static let course = Field.course("only what is known of this course; all courses together when missing")
  private static let limit = Field.integer("limit", 1...10, "most recommendations; 5 when missing")
  private static let priority = Field<Priority>.choice("priority", "only those of that priority")

  static let declaration = IntentDeclaration(
    name: "adaptive_recommendations", shortName: "recommend", path: "/recommendations/adaptive",
    summary: "What a student should do next, and why.",
    audience: .concerned, perMinute: 30,
    fields: [student.required, course.declaration, limit.declaration, priority.declaration], answers: [found.declaration],
    example: #"""
      {"student_id":"anna","limit":3}
      """#)

  /// A student's recommendations.
  private struct Found {
    let student: StudentID
    let course: CourseID?
    let mastery: Mastery
    let recommendations: [Recommendation]
  }

  private static let found = AnswerShape(
    "what the student should do next",
    ObjectShape<Found>("RecommendationList", "what a student should do next, and why") {
      Member("student_id", .id, "the student") { $0.student }
      Member.optional("course_id", .id, "the course that was asked for") { $0.course }
      Member("mastery_score", .score, "the mastery") { $0.mastery.value }
      Member("level", .word, "the level of the mastery") { $0.mastery.level }
      Member("recommendations", Recommendation.shape.shape.list(0...10), "what to work on next, the greatest gain first") {
        $0.recommendations
      }
    })

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
    return Answer(Self.found, Found(student: student, course: course, mastery: mastery, recommendations: recommendations))
  }
}
