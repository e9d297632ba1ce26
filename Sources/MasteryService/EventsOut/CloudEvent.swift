internal import DaprClient
internal import Encodings
internal import JSON
internal import MasteryCore

/// The CloudEvent around everything that the engine publishes (CloudEvents 1.0, JSON format).
enum CloudEvent {
  /// What stands in `source`.
  static let source: StaticString = "mastery-engine"

  /// Writes a CloudEvent.
  ///
  /// - Parameters:
  ///   - id: Its id, also the `event_id` of its data.
  ///   - type: Its type, also the `event_type` of its data.
  ///   - time: When it came about; the same at every repetition.
  ///   - trace: The trace that it is part of.
  ///   - data: Writes the members of the data behind `event_id`, `event_type` and `timestamp`.
  /// - Returns: The CloudEvent's JSON text.
  static func bytes(
    id: String, type: StaticString, time: Timestamp, trace: EventTrace = EventTrace(), data: (inout JSONWriter) -> Void
  ) -> [UInt8] {
    let moment = time.iso8601
    var json = JSONWriter(capacity: 2048)
    json.beginObject()
    json.key("specversion")
    json.string("1.0" as StaticString)
    json.key("id")
    json.string(id)
    json.key("source")
    json.string(source)
    json.key("type")
    json.string(type)
    json.key("time")
    json.string(moment)
    json.trace(trace)
    json.key("data")
    json.beginObject()
    json.key("event_id")
    json.string(id)
    json.key("event_type")
    json.string(type)
    json.key("timestamp")
    json.string(moment)
    data(&json)
    json.endObject()
    json.endObject()
    return json.bytes
  }

  /// A CloudEvent on its way, in the order of its student's events.
  static func outgoing(_ bytes: [UInt8], partitionKey: String?) -> OutgoingEvent {
    OutgoingEvent(body: bytes, contentType: "application/cloudevents+json", partitionKey: partitionKey)
  }

  /// A CloudEvent of a student's erasure: of one life, and of no revision of it.
  ///
  /// - Parameters:
  ///   - type: Its type.
  ///   - key: Whose erasure it is.
  ///   - epoch: The life that it is of.
  ///   - time: When it was asked for: the same life may be asked for more than once.
  ///   - data: Writes what it says.
  /// - Returns: The event to publish.
  static func outgoing(
    _ type: StaticString, of key: StudentKey, epoch: Int64, at time: Timestamp, data: (inout JSONWriter) -> Void
  ) -> OutgoingEvent {
    let bytes = bytes(id: id(type: type, key: key, epoch: epoch, revision: time.milliseconds), type: type, time: time) { json in
      json.identity(key.student, key.school, nil)
      data(&json)
    }
    return outgoing(bytes, partitionKey: key.student.text)
  }

  /// The id of what the engine says of a revision: the same announcement has the same id, another one never.
  static func id(type: StaticString, key: StudentKey, epoch: Int64, revision: Int64) -> String {
    var name: [UInt8] = []
    name.reserveCapacity(160)
    name.append(contentsOf: UnsafeBufferPointer(start: type.utf8Start, count: type.utf8CodeUnitCount))
    // No id holds a bar, so no two names are alike.
    for part in [key.school?.text ?? "", key.student.text, String(epoch), String(revision)] {
      name.append(UInt8(ascii: "|"))
      name.append(contentsOf: part.utf8)
    }
    return Digest.uuid(named: name)
  }
}
