internal import JSON

extension SaveItem {
  /// An upper bound of the item's bytes in a request; each byte of a string may need six.
  var sizeBound: Int {
    var size = JSONWriter.size(holding: value) + 6 * key.utf8.count + 160
    if case .matches(let etag) = condition { size += 6 * etag.utf8.count }
    return size
  }

  func write(to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("key", key)
      writer.member("value") { $0.string(holding: value) }
      switch condition {
      case .always: break
      case .absent: writer.firstWrite()
      case .matches(let etag):
        writer.member("etag", etag)
        writer.firstWrite()
      }
      if let secondsToLive { writer.object("metadata") { $0.member("ttlInSeconds", String(secondsToLive)) } }
    }
  }
}

extension RequestPiece<SaveItem> {
  /// The body of a save request.
  func saving() -> [UInt8] {
    JSONWriter.array(capacity: size) { writer in for item in items { item.write(to: &writer) } }
  }
}

extension StateOperation {
  /// The body of a transaction request.
  static func request(_ operations: [StateOperation]) -> [UInt8] {
    JSONWriter.object(capacity: operations.reduce(32) { $0 + $1.sizeBound }) { writer in
      writer.array("operations", of: operations) { $1.write(to: &$0) }
    }
  }

  private var sizeBound: Int {
    switch self {
    case .save(let item): item.sizeBound + 40
    case .delete(let key, let etag): 6 * key.utf8.count + 6 * (etag?.utf8.count ?? 0) + 120
    }
  }

  private func write(to writer: inout JSONWriter) {
    writer.object { writer in
      switch self {
      case .save(let item):
        writer.member("operation", "upsert")
        writer.member("request") { item.write(to: &$0) }
      case .delete(let key, let etag):
        writer.member("operation", "delete")
        writer.object("request") { writer in
          writer.member("key", key)
          if let etag {
            writer.member("etag", etag)
            writer.firstWrite()
          }
        }
      }
    }
  }
}

extension JSONWriter {
  fileprivate mutating func firstWrite() {
    object("options") { $0.member("concurrency", "first-write") }
  }
}
