internal import DaprClient
internal import JSON
internal import MasteryCore

/// Everything that is stored about a student, in one document that says what each part is.
struct ExportRequest: Intent {
  private static let student = Field.student("whose data is asked for")

  static let declaration = IntentDeclaration(
    name: "student_export", method: "GET", path: "/student/{student_id}/export",
    summary: "Everything that is stored about a student, with what each part is.", audience: .personal, perMinute: 5,
    fields: [student.declaration])

  private let student: StudentID

  init(_ fields: RequestFields) throws(JSONInvalid) {
    student = try fields.required(Self.student)
  }

  var subject: StudentID? { student }

  func answer(_ context: IntentContext) async throws(Problem) -> Answer {
    let document = try await context.ledger(of: student)
    guard !document.isTombstone else { throw .noStudent(student) }
    var contents: [[UInt8]] = []
    for place in context.places.all {
      do throws(SidecarFailure) {
        contents.append(try await place.export(document, now: context.now, context: context.call))
      } catch {
        throw .unavailable("the state store")
      }
    }
    return Answer { json in
      json.beginObject()
      json.identity(student, context.caller.school, nil)
      json.key("exported_at")
      json.string(context.now.iso8601)
      json.key("retention_days")
      json.integer(context.store.retentionDays)
      json.key("parts")
      json.beginArray()
      json.part("document", StudentExport.meaning) { StudentExport(document, firstDay: context.firstDay).write(to: &$0) }
      for (place, content) in zip(context.places.all, contents) { json.part(place.name, place.meaning) { $0.raw(content) } }
      json.endArray()
      json.endObject()
    }
  }
}

extension JSONWriter {
  /// A part of an export.
  fileprivate mutating func part(_ name: String, _ meaning: String, _ content: (inout JSONWriter) -> Void) {
    beginObject()
    key("part")
    string(name)
    key("meaning")
    string(meaning)
    key("content")
    content(&self)
    endObject()
  }
}
