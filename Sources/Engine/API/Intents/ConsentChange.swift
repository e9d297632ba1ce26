internal import JSON
internal import MasteryCore

/// Records that a student's data may, or may no longer, be processed.
struct ConsentChange: Intent {
  private static let granted = Field.boolean(
    "granted", "whether the student's data may be processed; where not, no event is stored any more")

  static let declaration = IntentDeclaration(
    name: "student_consent_change", method: "PUT", path: "/student/{student_id}/consent",
    summary: "Records a student's consent, or its withdrawal; that holds until consent is given again.", audience: .personal,
    storedData: .replaces, perMinute: ConsentRequest.perMinute, fields: [ConsentRequest.student.required, granted.required],
    answers: [ConsentRequest.found.declaration],
    example: #"""
      {"student_id":"anna","granted":true}
      """#)

  private let student: StudentID
  private let isGranted: Bool

  init(_ fields: RequestFields) throws(JSONInvalid) {
    student = try fields.required(ConsentRequest.student)
    isGranted = try fields.required(Self.granted)
  }

  var subject: StudentID? { student }

  func answer(_ context: IntentContext) async throws(Problem) -> Answer {
    let consent = Consent(granted: isGranted, recordedAt: context.now, recordedBy: context.caller.subject)
    let key = context.key(of: student)
    let firstDay = context.firstDay
    let names = context.erasure.names
    if !isGranted { try await names.note(key, at: context.now, isForGood: true, runtime: context.runtime, context: context.call) }
    try await context.store.change(key, runtime: context.runtime, context: context.call) { (stored, now) throws(Problem) in
      var document =
        try stored.document() ?? StudentDocument(student: key.student, school: key.school, cutoff: firstDay, epoch: now.seconds)
      document.ledger.consent = consent
      return document
    }
    if isGranted {
      try await names.noteConsent(of: key, at: context.now, runtime: context.runtime, context: context.call)
    } else {
      // Consent that was being given meanwhile must not let the note expire.
      try await names.note(
        key, at: context.now, isForGood: true, isWritten: true, runtime: context.runtime, context: context.call)
    }
    return Answer(ConsentRequest.found, ConsentRequest.Found(student: student, consent: consent))
  }
}
