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
    JSONWriter.object(capacity: 32 + 72 * statuses.count) { json in
      if isBulk {
        json.objects("statuses", of: statuses) { json, status in
          json.member("entryId", status.entry)
          json.member("status", status.word)
        }
      } else {
        json.member("status", statuses.first?.word ?? "SUCCESS")
      }
    }
  }
}
