internal import DaprClient
internal import Encodings
internal import JSON
internal import MasteryCore
internal import Schemas

/// The CloudEvent around everything that the engine publishes (CloudEvents 1.0, JSON format).
enum CloudEvent {
  /// The value of `source`.
  static let source: StaticString = "mastery-engine"

  /// Writes a declared event.
  ///
  /// - Parameters:
  ///   - id: The event's id, also the `event_id` of its data.
  ///   - shape: What is declared of it.
  ///   - content: Its content.
  ///   - time: When it happened; the same at every repetition.
  ///   - trace: The trace that it belongs to.
  /// - Returns: The CloudEvent's JSON text.
  static func bytes<Content>(
    id: String, _ shape: EventShape<Content>, _ content: Content, time: Timestamp, trace: EventTrace = EventTrace()
  ) -> [UInt8] {
    bytes(id: id, type: shape.type, time: time, trace: trace) { json in shape.data.writeMembers(of: content, to: &json) }
  }

  /// Writes a CloudEvent.
  ///
  /// - Parameters:
  ///   - id: The event's id, also the `event_id` of its data.
  ///   - type: The event's type, also the `event_type` of its data.
  ///   - time: When it happened; the same at every repetition.
  ///   - trace: The trace that it belongs to.
  ///   - data: Writes the members of the data after `event_id`, `event_type` and `timestamp`.
  /// - Returns: The CloudEvent's JSON text.
  static func bytes(
    id: String, type: StaticString, time: Timestamp, trace: EventTrace = EventTrace(), data: (inout JSONWriter) -> Void
  ) -> [UInt8] {
    let moment = time.iso8601
    return JSONWriter.object(capacity: 2048) { json in
      json.member("specversion", "1.0" as StaticString)
      json.member("id", id)
      json.member("source", source)
      json.member("type", type)
      json.member("time", moment)
      json.trace(trace)
      json.object("data") { json in
        json.member("event_id", id)
        json.member("event_type", type)
        json.member("timestamp", moment)
        data(&json)
      }
    }
  }

  /// A CloudEvent to publish, in the order of its student's events.
  static func outgoing(_ bytes: [UInt8], partitionKey: String?) -> OutgoingEvent {
    OutgoingEvent(body: bytes, contentType: "application/cloudevents+json", partitionKey: partitionKey)
  }

  /// The id of an event about a student's erasure, which belongs to a life but to no revision.
  ///
  /// - Parameters:
  ///   - type: The event's type.
  ///   - key: The student.
  ///   - epoch: The life.
  ///   - moment: When the erasure was requested; the same life may be erased more than once.
  /// - Returns: The id.
  static func id(ofErasure type: StaticString, key: StudentKey, epoch: Int64, at moment: Timestamp) -> String {
    id(type: type, key: key, epoch: epoch, revision: moment.milliseconds)
  }

  /// The id of an announcement about a revision: the same announcement always has the same id, and no other has it.
  static func id(type: StaticString, key: StudentKey, epoch: Int64, revision: Int64) -> String {
    var name: [UInt8] = []
    name.reserveCapacity(160)
    name.append(contentsOf: UnsafeBufferPointer(start: type.utf8Start, count: type.utf8CodeUnitCount))
    // As they stand in state keys the ids contain no bar, so no two names are equal.
    for part in [key.school?.text.inStateKey ?? "", key.student.text.inStateKey, String(epoch), String(revision)] {
      name.append(UInt8(ascii: "|"))
      name.append(contentsOf: part.utf8)
    }
    return Digest.uuid(named: name)
  }
}
