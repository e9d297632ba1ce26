internal import DaprClient
internal import JSON
internal import MasteryCore

/// Everything stored about a student, in one document that explains each part.
struct ExportRequest: Intent {
  private static let student = Field.student("whose data is asked for")
  private static let offset = Field.integer(
    "offset", 0...10_000_000, "how much of each long list is left out: the newest accesses, the oldest batches; 0 when missing")
  private static let limit = Field.integer("limit", 1...10_000, "how many accesses are shown; 10000 when missing")

  static let declaration = IntentDeclaration(
    name: "student_export", method: "GET", path: "/student/{student_id}/export",
    summary: "Everything that is stored about a student, with what each part is; a long audit trail comes in several pages.",
    audience: .personal, perMinute: 5, fields: [student.declaration, offset.declaration, limit.declaration])

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
    var answer = Answer { json in
      json.identity(student, context.caller.school, nil)
      json.member("exported_at", context.now.iso8601)
      json.member("retention_days", context.store.retentionDays)
      json.array("parts") { json in
        if isStored {
          json.part("document", StudentExport.meaning) { StudentExport(document, firstDay: context.firstDay).write(to: &$0) }
        }
        for (dataStore, content) in zip(context.dataStores.all, contents) {
          json.part(dataStore.name, dataStore.meaning, nextOffset: content.nextOffset) { $0.raw(content.json) }
        }
      }
    }
    answer.showsStored = true
    return answer
  }
}

extension JSONWriter {
  /// Writes a part of an export; if more is available, with the next offset.
  fileprivate mutating func part(_ name: String, _ meaning: String, nextOffset: Int? = nil, _ content: (inout JSONWriter) -> Void) {
    object { json in
      json.member("part", name)
      json.member("meaning", meaning)
      if let nextOffset { json.member("next_offset", nextOffset) }
      json.member("content", content)
    }
  }
}
