internal import JSON

/// The answer to the sidecar for a delivery.
struct Acknowledgement: Sendable {
  /// The status of one entry.
  struct Status: Sendable {
    let entry: String
    /// True acknowledges; false requests redelivery.
    let isDone: Bool

    fileprivate var word: StaticString { isDone ? "SUCCESS" : "RETRY" }
  }

  let isBulk: Bool
  let statuses: [Status]

  /// The body of the answer.
  var body: [UInt8] {
    var json = JSONWriter(capacity: 32 + 72 * statuses.count)
    json.beginObject()
    if isBulk {
      json.key("statuses")
      json.beginArray()
      for status in statuses {
        json.beginObject()
        json.key("entryId")
        json.string(status.entry)
        json.key("status")
        json.string(status.word)
        json.endObject()
      }
      json.endArray()
    } else {
      json.key("status")
      json.string(statuses.first?.word ?? "SUCCESS")
    }
    json.endObject()
    return json.bytes
  }
}
