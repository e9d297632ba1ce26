internal import JSON
internal import MasteryCore
internal import Schemas

/// A record of who read, changed or tried to access a student's stored data; it contains no token and no part of an answer.
struct AuditRecord: Sendable {
  /// Whether the access took place.
  enum Outcome: String, CaseIterable, Sendable {
    case allowed, refused
  }

  /// The record's own id.
  let id: String
  let at: Timestamp
  let userID: String
  let userRole: String
  let student: StudentKey
  /// The name of the requested intent.
  let action: String
  let outcome: Outcome
  /// The answer's status.
  let status: Int
  let correlationID: String

  /// The record as a log line, which has its own timestamp.
  var line: LogLine { LogLine(.info, "access to a student's data", fields) }

  /// The record in its stored form.
  var stored: StoredRecord {
    StoredRecord(id: id, at: at, json: JSONWriter.object(capacity: 384) { Self.shape.writeMembers(of: self, to: &$0) })
  }

  private static let shape = ObjectShape<Self>("AuditRecord", "an access to a student's stored data") {
    Member("id", .text(), "the record's own id") { $0.id }
    Member("timestamp", .moment, "when it was made") { $0.at }
    Member("event", .word, "what is recorded") { _ in Event.access }
    Member("user_id", .text(), "the subject of whoever made it") { $0.userID }
    Member("user_role", .text(), "their role") { $0.userRole }
    Member.optional("school_id", .id, "the student's school") { $0.student.school }
    Member("student_id", .id, "the student") { $0.student.student }
    Member("action", .text(), "the intent that was asked for") { $0.action }
    Member("outcome", .word, "whether the access took place") { $0.outcome }
    Member("status", .integer(100...599), "the answer's HTTP status") { $0.status }
    Member("correlation_id", .text(), "ties the record to the request") { $0.correlationID }
  }

  /// Records in their stored form.
  static let storedShape = Shape<StoredRecord>(.object(shape.schema)) { $1.raw($0.json) }

  private enum Event: String, CaseIterable {
    case access = "mastery.data.access"
  }

  private var fields: [(name: String, value: LogLine.Value)] {
    var fields: [(name: String, value: LogLine.Value)] = []
    fields.reserveCapacity(9)
    fields.append(("event", .text(Event.access.rawValue)))
    fields.append(("user_id", .text(userID)))
    fields.append(("user_role", .text(userRole)))
    if let school = student.school { fields.append(("school_id", .text(school.text))) }
    fields.append(("student_id", .text(student.student.text)))
    fields.append(("action", .text(action)))
    fields.append(("outcome", .text(outcome.rawValue)))
    fields.append(("status", .integer(status)))
    fields.append(("correlation_id", .text(correlationID)))
    return fields
  }
}
