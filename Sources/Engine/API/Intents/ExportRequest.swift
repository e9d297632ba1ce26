internal import DaprClient
internal import JSON
internal import MasteryCore
internal import Schemas

/// Everything stored about a student, in one document that explains each part.
struct ExportRequest: Intent {
  private static let student = Field.student("whose data is asked for")
  private static let offset = Field.integer(
    "offset", 0...10_000_000, "how much of each long list is left out: the newest accesses, the oldest batches; 0 when missing")
  private static let limit = Field.integer("limit", 1...10_000, "how many accesses are shown; 10000 when missing")

  static let declaration = IntentDeclaration(
    name: "student_export", method: "GET", path: "/student/{student_id}/export",
    summary: "Everything that is stored about a student; each part with its meaning, a long audit trail in several pages.",
    audience: .personal, perMinute: 5, fields: [student.required, offset.declaration, limit.declaration], answers: [found.declaration],
    example: #"""
      {"student_id":"ben"}
      """#)

  /// Everything that is stored about a student.
  private struct Found {
    let student: StudentID
    let school: SchoolID?
    let exportedAt: Timestamp
    let retentionDays: Int
    let parts: [Part]
  }

  /// What one store holds.
  private struct Part {
    let name: String
    let meaning: String
    var nextOffset: Int?
    /// JSON text.
    let content: [UInt8]
  }

  private static let found = AnswerShape(
    "everything that is stored about the student",
    ObjectShape<Found>("StudentExport", "everything that is stored about a student, with what each part is") {
      Member("student_id", .id, "the student") { $0.student }
      Member.optional("school_id", .id, "the student's school") { $0.school }
      Member("exported_at", .moment, "when this was read") { $0.exportedAt }
      Member("retention_days", .count, "for how many days single days of evidence are kept") { $0.retentionDays }
      Member("parts", part.shape.list(), "the parts, one for each store that has something") { $0.parts }
    })

  private static let part = ObjectShape<Part>("ExportPart", "what one store holds about a student") {
    Member("part", .text(), "the store's name") { $0.name }
    Member("meaning", .text(), "what the part is, in a sentence") { $0.meaning }
    Member.optional("next_offset", .count, "the offset of the next page, if there is more") { $0.nextOffset }
    Member(
      "content", .written(.either([.object(ObjectSchema(isOpen: true, [])), .list(.anything)])),
      "what is stored, by names that say what it is"
    ) {
      $0.content
    }
  }

  private let student: StudentID
  private let page: PersonalDataPage

  init(_ fields: RequestFields) throws(JSONInvalid) {
    student = try fields.required(Self.student)
    page = PersonalDataPage(offset: try fields.optional(Self.offset) ?? 0, limit: try fields.optional(Self.limit) ?? 10_000)
  }

  var subject: StudentID? { student }

  func answer(_ context: IntentContext) async throws(Problem) -> Answer {
    let (document, isStored) = try await context.documentOrNone(of: student)
    let contents = try await context.contents(of: document, page)
    guard isStored || contents.contains(where: { $0.total > 0 }) else { throw .noStudent(student) }
    var parts: [Part] = []
    if isStored {
      var json = JSONWriter(capacity: 4096)
      StudentExport(document, firstDay: context.firstDay).write(to: &json)
      parts.append(Part(name: "document", meaning: StudentExport.meaning, content: json.bytes))
    }
    parts += zip(context.dataStores.all, contents).map { dataStore, content in
      Part(name: dataStore.name, meaning: dataStore.meaning, nextOffset: content.nextOffset, content: content.json)
    }
    var answer = Answer(
      Self.found,
      Found(
        student: student, school: context.caller.school, exportedAt: context.now, retentionDays: context.store.retentionDays, parts: parts))
    answer.showsStored = true
    return answer
  }
}
