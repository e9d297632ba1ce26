internal import JSON
internal import MasteryCore

/// A student's consent, with who recorded it and when.
struct ConsentRequest: Intent {
  static let student = Field.student("whose consent it is")
  /// How often consent may be queried or changed in a minute.
  static let perMinute = 30

  static let declaration = IntentDeclaration(
    name: "student_consent", method: "GET", path: "/student/{student_id}/consent",
    summary: "Whether a student's data may be processed; null where nothing was ever said.", audience: .personal, perMinute: perMinute,
    fields: [student.declaration])

  private let student: StudentID

  init(_ fields: RequestFields) throws(JSONInvalid) {
    student = try fields.required(Self.student)
  }

  var subject: StudentID? { student }

  func answer(_ context: IntentContext) async throws(Problem) -> Answer {
    let document = try await context.storedDocument(of: student)
    guard !document.isTombstone || document.ledger.consent != nil else { throw .noStudent(student) }
    return Answer { json in json.consent(document.ledger.consent, of: student) }
  }
}

extension JSONWriter {
  /// Writes the members of a student's consent.
  mutating func consent(_ consent: Consent?, of student: StudentID) {
    identity(student, nil, nil)
    members(of: consent)
  }

  /// Writes the members `granted`, `recorded_at` and `recorded_by`.
  mutating func members(of consent: Consent?) {
    member("granted", consent?.granted)
    member("recorded_at", consent?.recordedAt.iso8601)
    member("recorded_by", consent?.recordedBy)
  }
}
