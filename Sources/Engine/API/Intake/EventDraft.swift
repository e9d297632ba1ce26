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
    var json = JSONWriter(capacity: 512)
    json.beginObject()
    if let id {
      json.key("event_id")
      json.string(id.text)
    }
    json.key("event_type")
    json.string(type)
    if let timestamp {
      json.key("timestamp")
      json.string(timestamp.iso8601)
    }
    json.key("student_id")
    json.string(student.text)
    if let component {
      json.key("component")
      json.string(component.rawValue)
    }
    for content in contents {
      json.key(named: content.name)
      json.raw(content.json)
    }
    write(school, to: &json)
    json.endObject()
    return json.bytes
  }

  private func write(_ school: SchoolID?, to json: inout JSONWriter) {
    let own = metadata.filter { $0.name != "school_id" }
    guard school != nil || !own.isEmpty else { return }
    json.key("metadata")
    json.beginObject()
    for member in own {
      json.key(named: member.name)
      json.raw(member.json)
    }
    if let school {
      json.key("school_id")
      json.string(school.text)
    }
    json.endObject()
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
