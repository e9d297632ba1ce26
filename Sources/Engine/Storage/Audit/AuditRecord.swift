internal import JSON
internal import MasteryCore

/// A record of who read, changed or tried to access a student's stored data; it contains no token and no part of an answer.
struct AuditRecord: Sendable {
  /// Whether the access took place.
  enum Outcome: String, Sendable {
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

  /// The record in its stored form, which has the fields of its line.
  func stored(_ line: LogLine) -> StoredRecord {
    let json = JSONWriter.object(capacity: 384) { json in
      json.member("id", id)
      json.member("timestamp", at.iso8601)
      for (name, value) in line.fields { json.member(named: name) { value.write(to: &$0) } }
    }
    return StoredRecord(id: id, at: at, json: json)
  }

  private var fields: [(name: String, value: LogLine.Value)] {
    var fields: [(name: String, value: LogLine.Value)] = []
    fields.reserveCapacity(9)
    fields.append(("event", .text("mastery.data.access")))
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
