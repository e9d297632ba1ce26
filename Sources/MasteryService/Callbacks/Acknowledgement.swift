internal import JSON

/// What the sidecar is told about a delivery.
struct Acknowledgement: Sendable {
  /// The fate of one entry.
  struct Status: Sendable {
    let entry: String
    /// True acknowledges, false asks for another delivery.
    let isDone: Bool

    fileprivate var word: StaticString { isDone ? "SUCCESS" : "RETRY" }
  }

  let isBulk: Bool
  let statuses: [Status]

  /// The answer's body.
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
