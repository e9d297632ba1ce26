internal import JSON

/// The body of an answer to a bulk get.
struct BulkStateAnswer {
  let rules: StateRules
  let name: String

  /// The values of the keys; nil if one of them is not JSON.
  ///
  /// - Throws: `UnreadableValue.breakdown` if the recorded sidecar closes the connection; any other unreadable value is reported in its
  ///   entry.
  func text(of entries: [(key: String, entry: StateEntry?)]) throws(UnreadableValue) -> [UInt8]? {
    var isJSON = true
    let capacity = entries.reduce(16) { $0 + $1.key.utf8.count + ($1.entry?.value.count ?? 0) + 128 }
    let text = try JSONWriter.array(capacity: capacity) { (writer) throws(UnreadableValue) in
      for (key, entry) in rules.ordered(entries, key: \.key, isFound: { $0.entry != nil }) where isJSON {
        try writer.object { (writer) throws(UnreadableValue) in
          writer.member("key", key)
          if let entry { isJSON = try write(entry, &writer) }
        }
      }
    }
    return isJSON ? Self.ended(text) : nil
  }

  /// An outage, reported in each entry.
  func outage(_ keys: [String], _ reason: String) -> [UInt8] {
    Self.ended(
      JSONWriter.array { writer in
        for key in keys {
          writer.object { writer in
            writer.member("key", key)
            writer.member("error", reason)
          }
        }
      })
  }

  /// Go's encoder ends with a line break.
  private static func ended(_ text: [UInt8]) -> [UInt8] { text + [UInt8(ascii: "\n")] }

  /// Writes the content of an entry; false if it is not JSON.
  private func write(_ entry: StateEntry, _ writer: inout JSONWriter) throws(UnreadableValue) -> Bool {
    var failure: UnreadableValue?
    do {
      let value = try rules.value(of: entry)
      if !value.isEmpty {
        guard let data = CompactedJSON.bytes(of: value) else { return false }
        writer.member("data", raw: data)
      }
    } catch {
      if error == .breakdown { throw error }
      failure = error
    }
    writer.member("etag", rules.etag(entry.version))
    if let expires = entry.expires, rules.showsExpiry {
      writer.object("metadata") { $0.member("ttlExpireTime", Clock.text(expires)) }
    }
    if let failure { writer.member("error", failure.message(store: name)) }
    return true
  }
}
