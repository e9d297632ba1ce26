internal import JSON

extension SaveItem {
  /// An upper bound of the item's bytes in a request; each byte of a string may need six.
  var sizeBound: Int {
    var size = JSONWriter.size(holding: value) + 6 * key.utf8.count + 160
    if case .matches(let etag) = condition { size += 6 * etag.utf8.count }
    return size
  }

  func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("key")
    writer.string(key)
    writer.key("value")
    writer.string(holding: value)
    switch condition {
    case .always: break
    case .absent: writer.firstWrite()
    case .matches(let etag):
      writer.key("etag")
      writer.string(etag)
      writer.firstWrite()
    }
    if let secondsToLive {
      writer.key("metadata")
      writer.beginObject()
      writer.key("ttlInSeconds")
      writer.string(String(secondsToLive))
      writer.endObject()
    }
    writer.endObject()
  }
}

extension RequestPiece<SaveItem> {
  /// The body of a save request.
  func saving() -> [UInt8] {
    var writer = JSONWriter(capacity: size)
    writer.beginArray()
    for item in items { item.write(to: &writer) }
    writer.endArray()
    return writer.bytes
  }
}

extension StateOperation {
  /// The body of a transaction request.
  static func request(_ operations: [StateOperation]) -> [UInt8] {
    var writer = JSONWriter(capacity: operations.reduce(32) { $0 + $1.sizeBound })
    writer.beginObject()
    writer.key("operations")
    writer.beginArray()
    for operation in operations { operation.write(to: &writer) }
    writer.endArray()
    writer.endObject()
    return writer.bytes
  }

  private var sizeBound: Int {
    switch self {
    case .save(let item): item.sizeBound + 40
    case .delete(let key, let etag): 6 * key.utf8.count + 6 * (etag?.utf8.count ?? 0) + 120
    }
  }

  private func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("operation")
    switch self {
    case .save(let item):
      writer.string("upsert")
      writer.key("request")
      item.write(to: &writer)
    case .delete(let key, let etag):
      writer.string("delete")
      writer.key("request")
      writer.beginObject()
      writer.key("key")
      writer.string(key)
      if let etag {
        writer.key("etag")
        writer.string(etag)
        writer.firstWrite()
      }
      writer.endObject()
    }
    writer.endObject()
  }
}

extension JSONWriter {
  fileprivate mutating func firstWrite() {
    key("options")
    beginObject()
    key("concurrency")
    string("first-write")
    endObject()
  }
}
