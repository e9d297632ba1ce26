internal import JSON
internal import MasteryCore

/// Erases a student permanently.
struct ErasureRequest: Intent {
  private static let student = Field.student("who is to be forgotten")

  static let declaration = IntentDeclaration(
    name: "student_erasure", method: "DELETE", path: "/student/{student_id}",
    summary: "Erases everything that is known of a student, and what may still come of before; repeated, it finishes what was interrupted.",
    audience: .personal, perMinute: 5, fields: [student.declaration])

  private let student: StudentID

  init(_ fields: RequestFields) throws(JSONInvalid) {
    student = try fields.required(Self.student)
  }

  var subject: StudentID? { student }

  func answer(_ context: IntentContext) async throws(Problem) -> Answer {
    let report = try await context.erasure.erase(context.key(of: student), now: context.now, context: context.call)
    return Answer { json in
      json.identity(student, nil, nil)
      json.member("erased_at", report.erasedAt.iso8601)
      json.object("deleted") { json in
        json.member("document", report.hadDocument ? 1 : 0)
        for store in report.removed { json.member(named: store.name, store.count) }
      }
    }
  }
}
