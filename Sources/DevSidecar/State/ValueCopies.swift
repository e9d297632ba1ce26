internal import JSON

/// Copies values out of a parsed document, each into bytes of exactly its size.
///
/// All are written into one buffer first, so that no copy grows by doubling or keeps room it does not need.
struct ValueCopies: ~Copyable {
  private var writer = JSONWriter(capacity: 4096)

  mutating func copy(_ value: JSONValue) -> [UInt8] {
    writer.removeAll()
    writer.copy(value)
    return writer.bytes
  }
}
