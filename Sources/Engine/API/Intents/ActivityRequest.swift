internal import JSON
internal import MasteryCore

/// The days on which a student was active.
struct ActivityRequest: Intent {
  private static let student = Field.student("whose activity is requested")
  private static let days = Field.boolean("include_days", "whether to list the days; false when missing")

  static let declaration = IntentDeclaration(
    name: "student_activity", method: "GET", path: "/student/{student_id}/activity", summary: "The days on which a student was active.",
    audience: .concerned, perMinute: 30, fields: [student.declaration, days.declaration])

  private let student: StudentID
  private let includesDays: Bool

  init(_ fields: RequestFields) throws(JSONInvalid) {
    student = try fields.required(Self.student)
    includesDays = try fields.optional(Self.days) ?? false
  }

  var subject: StudentID? { student }

  func answer(_ context: IntentContext) async throws(Problem) -> Answer {
    let days = try await context.document(of: student).evidence.days
    return Answer { json in
      json.identity(student, nil, nil)
      json.member("active_days", days.count)
      json.member("last_active", days.last?.day.iso8601)
      if includesDays { json.array("days", of: days.map(\.day.iso8601)) }
    }
  }
}
