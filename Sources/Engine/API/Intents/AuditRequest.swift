internal import JSON
internal import MasteryCore
internal import Schemas

/// Accesses to a student's data, newest first.
struct AuditRequest: Intent {
  private static let student = Field.student("whose audit trail is asked for")
  private static let offset = Field.integer("offset", 0...10_000_000, "how many of the newest records are left out; 0 when missing")
  private static let limit = Field.integer("limit", 1...1_000, "how many records are shown; 100 when missing")

  static let declaration = IntentDeclaration(
    name: "student_audit", method: "GET", path: "/student/{student_id}/audit",
    summary: "Who read or changed a student's data; newest first.", audience: .personal, perMinute: 10,
    fields: [student.required, offset.declaration, limit.declaration], answers: [found.declaration],
    example: #"""
      {"student_id":"anna","limit":2}
      """#)

  /// A page of a student's audit trail.
  private struct Found {
    let student: StudentID
    let total: Int
    let records: [StoredRecord]
  }

  private static let found = AnswerShape(
    "the accesses",
    ObjectShape<Found>("AuditPage", "who read or changed a student's data") {
      Member("student_id", .id, "the student") { $0.student }
      Member("total", .count, "the number of records in all") { $0.total }
      Member("records", AuditRecord.storedShape.list(), "the records of this page, newest first") { $0.records }
    })

  private let student: StudentID
  private let offset: Int
  private let limit: Int

  init(_ fields: RequestFields) throws(JSONInvalid) {
    student = try fields.required(Self.student)
    offset = try fields.optional(Self.offset) ?? 0
    limit = try fields.optional(Self.limit) ?? 100
  }

  var subject: StudentID? { student }

  func answer(_ context: IntentContext) async throws(Problem) -> Answer {
    let (document, isStored) = try await context.documentOrNone(of: student)
    let trail = try await context.dataStores.trail.page(of: context.key(of: student), offset: offset, limit: limit, context: context.call)
    if !isStored, trail.total == 0 {
      let contents = try await context.contents(of: document, PersonalDataPage(offset: 0, limit: 1))
      guard contents.contains(where: { $0.total > 0 }) else { throw .noStudent(student) }
    }
    var answer = Answer(Self.found, Found(student: student, total: trail.total, records: trail.records))
    answer.showsStored = true
    return answer
  }
}
