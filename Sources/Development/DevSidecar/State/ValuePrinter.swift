internal import JSON

/// Prints a caller's value as the sidecar's own libraries print it on its way to the store.
///
/// The sidecar reads each value into Go's types, numbers into doubles, and each store prints these again.
struct ValuePrinter: Hashable, Sendable {
  /// Which library prints.
  enum Style: Hashable, Sendable {
    /// Go's `encoding/json`: members sorted, HTML characters escaped; for SQLite, PostgreSQL and memory.
    case json
    /// `json-iterator` in its fastest setting: members in their order, no HTML escaped, six decimals; for Redis.
    case sixDecimals
    /// Go's `%v`, which is not JSON, for values to be encrypted: `map[a:1 b:[x <nil>]]`.
    case formatted
  }

  let style: Style

  /// The text of a value.
  func text(of value: JSONValue) -> [UInt8] {
    // Most saved values are one string, and then have exactly its size.
    if let string = value.text { return self.text(of: string.bytes) }
    var text: [UInt8] = []
    append(value, to: &text)
    return text.withUnsafeBufferPointer { Array($0) }
  }

  /// The text of a value that was not given.
  var nothing: [UInt8] { Array((style == .formatted ? "<nil>" : "null").utf8) }

  private func append(_ value: JSONValue, to text: inout [UInt8]) {
    switch value.kind {
    case .object: appendObject(value, to: &text)
    case .array: appendArray(value, to: &text)
    case .string:
      guard let string = value.text else { return }
      text += self.text(of: string.bytes)
    case .number: text += number(value.number ?? 0)
    case .boolean: text += Array((value.boolean == true ? "true" : "false").utf8)
    case .null: text += nothing
    }
  }

  private func text(of string: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    switch style {
    case .json: GoEscaping(isForHTML: true).quoted(string)
    case .sixDecimals: GoEscaping(isForHTML: false).quoted(string)
    case .formatted: Array(string)
    }
  }

  private func appendArray(_ value: JSONValue, to text: inout [UInt8]) {
    text.append(UInt8(ascii: "["))
    for (index, element) in value.elements.enumerated() {
      if index > 0 { text.append(UInt8(ascii: style == .formatted ? " " : ",")) }
      append(element, to: &text)
    }
    text.append(UInt8(ascii: "]"))
  }

  private func appendObject(_ value: JSONValue, to text: inout [UInt8]) {
    text += Array((style == .formatted ? "map[" : "{").utf8)
    for (index, member) in members(of: value).enumerated() {
      if index > 0 { text.append(UInt8(ascii: style == .formatted ? " " : ",")) }
      text += self.text(of: member.key.bytes)
      text.append(UInt8(ascii: ":"))
      append(member.value, to: &text)
    }
    text.append(UInt8(ascii: style == .formatted ? "]" : "}"))
  }

  /// The members that a Go map holds: the last of duplicates, sorted if the style sorts.
  private func members(of value: JSONValue) -> [(key: JSONText, value: JSONValue)] {
    let all = Array(value.members)
    let sorted = all.indices.sorted { first, second in
      if all[first].key.bytes.elementsEqual(all[second].key.bytes) { return first < second }
      return all[first].key.bytes.lexicographicallyPrecedes(all[second].key.bytes)
    }
    let kept = sorted.indices.filter { index in
      index + 1 == sorted.count || !all[sorted[index]].key.bytes.elementsEqual(all[sorted[index + 1]].key.bytes)
    }
    let order = kept.map { sorted[$0] }
    return (style == .sixDecimals ? order.sorted() : order).map { all[$0] }
  }

  private func number(_ value: Double) -> [UInt8] {
    switch style {
    case .json: ShortestDecimal(value).json
    case .sixDecimals: Self.sixDecimals(value)
    case .formatted: ShortestDecimal(value).formatted
    }
  }

  /// Above this, json-iterator writes all digits.
  private static let largestRounded = Double(0x4FF_FFFF)

  /// A number with six decimals, without trailing zeros.
  static func sixDecimals(_ value: Double) -> [UInt8] {
    guard value.magnitude <= largestRounded else { return ShortestDecimal(value).json }
    let millionths = UInt64(value.magnitude * 1_000_000 + 0.5)
    var text: [UInt8] = value < 0 ? [UInt8(ascii: "-")] : []
    text += Array(String(millionths / 1_000_000).utf8)
    let rest = millionths % 1_000_000
    guard rest > 0 else { return text }
    let digits = Array(String(rest).utf8)
    text.append(UInt8(ascii: "."))
    text += Array(repeating: UInt8(ascii: "0"), count: 6 - digits.count) + digits
    while text.last == UInt8(ascii: "0") { text.removeLast() }
    return text
  }
}
