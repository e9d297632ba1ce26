public import JSON
internal import MasteryCore

/// An event that was mended, to be published in place of the original of its dead letter.
public struct RepairedEvent: Sendable, Hashable {
  /// The id of the event, by which its letter is named.
  public let id: String
  /// When the letter failed, which tells letters of the same event apart; nil if only the event is given.
  let failedAt: Timestamp?
  /// The event as JSON text.
  let content: [UInt8]

  /// Reads a mended event: the event itself with its `event_id`, or a letter as it is shown, with the mended event as its `event`.
  ///
  /// - Throws: `JSONInvalid` if it is neither.
  public init(_ value: JSONValue) throws(JSONInvalid) {
    guard value.kind == .object else { throw JSONInvalid(field: "event", found: value, constraint: "must be an object") }
    let isLetter = value["event_type"]?.text.map { $0 == FailedEvent.shape.type } ?? false
    guard let id = value["event_id"]?.identifier else {
      throw JSONInvalid(field: "event_id", found: value["event_id"], constraint: "must be the id of a dead letter")
    }
    self.id = id
    failedAt = isLetter ? value["failed_at"]?.text.flatMap { Timestamp(iso8601: $0.bytes) } : nil
    guard let event = isLetter ? value["event"] : value, event.kind == .object else {
      throw JSONInvalid(field: "event", found: value["event"], constraint: "must be the repaired event of the dead letter \(id)")
    }
    var json = JSONWriter()
    json.copy(event)
    content = json.bytes
  }
}
