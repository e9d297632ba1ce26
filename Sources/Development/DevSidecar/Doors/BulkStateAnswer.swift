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
    var writer = JSONWriter(capacity: entries.reduce(16) { $0 + $1.key.utf8.count + ($1.entry?.value.count ?? 0) + 128 })
    writer.beginArray()
    for (key, entry) in rules.ordered(entries, key: \.key, isFound: { $0.entry != nil }) {
      writer.beginObject()
      writer.key("key")
      writer.string(key)
      if let entry, try !write(entry, &writer) { return nil }
      writer.endObject()
    }
    writer.endArray()
    return Self.ended(writer)
  }

  /// An outage, reported in each entry.
  func outage(_ keys: [String], _ reason: String) -> [UInt8] {
    var writer = JSONWriter()
    writer.beginArray()
    for key in keys {
      writer.beginObject()
      writer.key("key")
      writer.string(key)
      writer.key("error")
      writer.string(reason)
      writer.endObject()
    }
    writer.endArray()
    return Self.ended(writer)
  }

  /// Go's encoder ends with a line break.
  private static func ended(_ writer: borrowing JSONWriter) -> [UInt8] {
    var bytes = writer.bytes
    bytes.append(UInt8(ascii: "\n"))
    return bytes
  }

  /// Writes the content of an entry; false if it is not JSON.
  private func write(_ entry: StateEntry, _ writer: inout JSONWriter) throws(UnreadableValue) -> Bool {
    var failure: UnreadableValue?
    do {
      let value = try rules.value(of: entry)
      if !value.isEmpty {
        guard let data = CompactedJSON.bytes(of: value) else { return false }
        writer.key("data")
        writer.raw(data)
      }
    } catch {
      if error == .breakdown { throw error }
      failure = error
    }
    writer.key("etag")
    writer.string(rules.etag(entry.version))
    if let expires = entry.expires, rules.showsExpiry {
      writer.key("metadata")
      writer.beginObject()
      writer.key("ttlExpireTime")
      writer.string(Clock.text(expires))
      writer.endObject()
    }
    if let failure {
      writer.key("error")
      writer.string(failure.message(store: name))
    }
    return true
  }
}
