internal import JSON

/// Copies values out of a parsed document, each into bytes of exactly its size.
///
/// All are written behind each other into one buffer first, so that no copy grows by doubling or keeps room it does not need.
struct ValueCopies {
  private var writer = JSONWriter(capacity: 4096)

  init() {
    writer.beginArray()
  }

  mutating func copy(_ value: JSONValue) -> [UInt8] {
    let before = writer.bytes.count
    writer.copy(value)
    let start = writer.bytes[before] == UInt8(ascii: ",") ? before + 1 : before
    return Array(writer.bytes[start...])
  }
}
