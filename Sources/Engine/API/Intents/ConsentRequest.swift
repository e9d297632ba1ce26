internal import JSON
internal import MasteryCore
internal import Schemas

/// A student's consent, with who recorded it and when.
struct ConsentRequest: Intent {
  static let student = Field.student("whose consent it is")
  /// How often consent may be queried or changed in a minute.
  static let perMinute = 30

  static let declaration = IntentDeclaration(
    name: "student_consent", method: "GET", path: "/student/{student_id}/consent",
    summary: "Whether a student's data may be processed; null where nothing was ever said.", audience: .personal, perMinute: perMinute,
    fields: [student.required], answers: [found.declaration],
    example: #"""
      {"student_id":"anna"}
      """#)

  /// A student's consent.
  struct Found {
    let student: StudentID
    let consent: Consent?
  }

  static let found = AnswerShape(
    "the student's consent",
    ObjectShape<Found>("StudentConsent", "whether a student's data may be processed") {
      Member("student_id", .id, "the student") { $0.student }
      Member.all(of: Consent.members) { $0.consent }
    })

  private let student: StudentID

  init(_ fields: RequestFields) throws(JSONInvalid) {
    student = try fields.required(Self.student)
  }

  var subject: StudentID? { student }

  func answer(_ context: IntentContext) async throws(Problem) -> Answer {
    let document = try await context.storedDocument(of: student)
    guard !document.isTombstone || document.ledger.consent != nil else { throw .noStudent(student) }
    return Answer(Self.found, Found(student: student, consent: document.ledger.consent))
  }
}
