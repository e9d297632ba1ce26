internal import JSON
internal import MasteryCore

/// Who read or changed what of a student's stored data, or tried to; it holds no token and nothing of an answer.
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
  /// What was asked for: the intent's name.
  let action: String
  let outcome: Outcome
  /// The status of the answer.
  let status: Int
  let correlationID: String

  /// The record as a log line, which says the time itself.
  var line: LogLine { LogLine(.info, "access to a student's data", fields) }

  /// The record as it is stored.
  var stored: StoredRecord {
    var json = JSONWriter(capacity: 384)
    json.beginObject()
    json.key("id")
    json.string(id)
    json.key("timestamp")
    json.string(at.iso8601)
    for (name, value) in fields {
      json.key(named: name)
      value.write(to: &json)
    }
    json.endObject()
    return StoredRecord(id: id, at: at, json: json.bytes)
  }

  private var fields: [(name: String, value: LogLine.Value)] {
    var fields: [(name: String, value: LogLine.Value)] = [
      ("event", .text("mastery.data.access")), ("user_id", .text(userID)), ("user_role", .text(userRole)),
    ]
    if let school = student.school { fields.append(("school_id", .text(school.text))) }
    return fields + [
      ("student_id", .text(student.student.text)), ("action", .text(action)), ("outcome", .text(outcome.rawValue)),
      ("status", .integer(status)), ("correlation_id", .text(correlationID)),
    ]
  }
}
