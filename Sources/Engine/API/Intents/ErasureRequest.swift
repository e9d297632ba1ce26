internal import JSON
internal import MasteryCore
internal import Schemas

/// Erases a student permanently.
struct ErasureRequest: Intent {
  private static let student = Field.student("who is to be forgotten")

  static let declaration = IntentDeclaration(
    name: "student_erasure", method: "DELETE", path: "/student/{student_id}",
    summary: "Erases everything known about a student, and events that are still on their way; repeated, it finishes what was interrupted.",
    audience: .personal, storedData: .replaces, perMinute: 5, fields: [student.required], answers: [erased.declaration],
    example: #"""
      {"student_id":"zoe"}
      """#)

  /// A student who is erased.
  private struct Erased {
    let student: StudentID
    let report: Erasure.Report

    /// The number of items removed, by store.
    var removed: [(name: String, value: Int)] {
      [("document", report.hadDocument ? 1 : 0)] + report.removed.map { ($0.name, $0.count) }
    }
  }

  private static let erased = AnswerShape(
    "the student is erased",
    ObjectShape<Erased>("Erasure", "what was erased of a student") {
      Member("student_id", .id, "the student") { $0.student }
      Member("erased_at", .moment, "when the erasure was asked for") { $0.report.erasedAt }
      Member("deleted", Shape<Int>.count.map, "the items removed, by store") { $0.removed }
    })

  private let student: StudentID

  init(_ fields: RequestFields) throws(JSONInvalid) {
    student = try fields.required(Self.student)
  }

  var subject: StudentID? { student }

  func answer(_ context: IntentContext) async throws(Problem) -> Answer {
    let report = try await context.erasure.erase(context.key(of: student), now: context.now, context: context.call)
    return Answer(Self.erased, Erased(student: student, report: report))
  }
}
