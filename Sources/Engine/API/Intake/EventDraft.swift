internal import Encodings
internal import JSON
internal import MasteryCore

/// An event from a request, before it has an id, a time and a school.
struct EventDraft: Sendable {
  /// A member of an object, unparsed.
  struct Member: Sendable {
    let name: String
    let json: [UInt8]

    /// The members of an object.
    static func all(of value: JSONValue) -> [Self] {
      value.members.map { Self(name: $0.key.string, json: text(of: $0.value)) }
    }
  }

  let type: String
  let student: StudentID
  /// The members that hold the evidence: `data`, `components`.
  private var contents: [Member] = []
  var component: Component?
  var course: CourseID?
  var topic: TopicPath?
  var correction: Int?
  var isRetracted = false
  var id: EventID?
  var timestamp: Timestamp?
  var metadata: [Member] = []

  /// Creates a draft without evidence.
  init(type: String, student: StudentID) {
    self.type = type
    self.student = student
  }

  /// Adds evidence, an unparsed member of the event.
  mutating func add(_ member: String, _ content: JSONValue) {
    contents.append(Member(name: member, json: Self.text(of: content)))
  }

  /// The school that the draft itself names, unparsed.
  var namedSchool: [UInt8]? { metadata.first { $0.name == "school_id" }?.json }

  /// The event's JSON text.
  func bytes(id: EventID?, timestamp: Timestamp?, school: SchoolID?) -> [UInt8] {
    JSONWriter.object(capacity: 512) { json in
      if let id { json.member("event_id", id.text) }
      json.member("event_type", type)
      if let timestamp { json.member("timestamp", timestamp.iso8601) }
      json.member("student_id", student.text)
      if let course { json.member("course_id", course.text) }
      if let topic { json.member("topic", topic.text) }
      if let component { json.member("component", component.rawValue) }
      if let correction { json.member("correction", correction) }
      if isRetracted { json.member("retracted", true) }
      for content in contents { json.member(named: content.name, raw: content.json) }
      write(school, to: &json)
    }
  }

  private func write(_ school: SchoolID?, to json: inout JSONWriter) {
    let own = metadata.filter { $0.name != "school_id" }
    guard school != nil || !own.isEmpty else { return }
    json.object("metadata") { json in
      for member in own { json.member(named: member.name, raw: member.json) }
      if let school { json.member("school_id", school.text) }
    }
  }

  /// A digest that two drafts of the same request have in common.
  var digest: String {
    Digest.sha256(bytes(id: id, timestamp: timestamp, school: nil))
  }

  private static func text(of value: JSONValue) -> [UInt8] {
    var writer = JSONWriter()
    writer.copy(value)
    return writer.bytes
  }
}
