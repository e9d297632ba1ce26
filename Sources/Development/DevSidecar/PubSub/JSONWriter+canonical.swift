internal import JSON

/// JSON as the sidecar rewrites a message that it has read: members sorted, the last of duplicates kept, every number a double,
/// and in text what Go escapes for HTML.
extension JSONWriter {
  /// Writes a parsed value in this form.
  mutating func canonical(_ value: JSONValue) {
    switch value.kind {
    case .object: object { json in for (name, member) in Self.sorted(value.members) { json.member(name) { $0.canonical(member) } } }
    case .array: array(of: value.elements) { $0.canonical($1) }
    case .number: canonical(value.number ?? 0)
    case .string:
      guard let text = value.text, text.contains(where: GoEscaping.isHTML) else { return copy(value) }
      raw(GoEscaping(isForHTML: true).quoted(text.bytes))
    default: copy(value)
    }
  }

  private static func sorted(_ members: JSONMembers) -> [(key: JSONText, value: JSONValue)] {
    var sorted: [(key: JSONText, value: JSONValue)] = []
    var isSorted = true
    for member in members {
      if let last = sorted.last, !isBefore(last.key, member.key) { isSorted = false }
      sorted.append(member)
    }
    guard !isSorted else { return sorted }
    // Sorting keeps the order of duplicates.
    sorted.sort { isBefore($0.key, $1.key) }
    return sorted.indices.filter { $0 + 1 == sorted.count || isBefore(sorted[$0].key, sorted[$0 + 1].key) }.map { sorted[$0] }
  }

  private static func isBefore(_ first: JSONText, _ second: JSONText) -> Bool {
    first.bytes.lexicographicallyPrecedes(second.bytes)
  }

  private mutating func canonical(_ number: Double) {
    if let whole = Int64(exactly: number), whole.magnitude < 1 << 53, whole != 0 || number.sign == .plus { return integer(whole) }
    raw(Self.text(number).utf8)
  }

  /// A number as Go writes it: its shortest digits, with an exponent only under 10^-6 and from 10^21 on.
  static func text(_ number: Double) -> String {
    guard number != 0 else { return number.sign == .minus ? "-0" : "0" }
    let (digits, point) = shortest(number.magnitude)
    let sign = number < 0 ? "-" : ""
    guard (-5...21).contains(point) else {
      let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
      return "\(sign)\(digits.prefix(1))\(fraction)e\(point > 0 ? "+" : "-")\((point - 1).magnitude)"
    }
    if point <= 0 { return "\(sign)0.\(String(repeating: "0", count: -point))\(digits)" }
    if digits.count <= point { return "\(sign)\(digits)\(String(repeating: "0", count: point - digits.count))" }
    return "\(sign)\(digits.prefix(point)).\(digits.dropFirst(point))"
  }

  /// The digits of a positive number without zeros around them, and how many of them come before the point.
  private static func shortest(_ number: Double) -> (digits: String, point: Int) {
    let parts = number.description.split(separator: "e")
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let halves = (parts.first ?? "0").split(separator: ".", omittingEmptySubsequences: false)
    let whole = halves.first ?? ""
    let fraction = halves.count > 1 ? halves[1] : ""
    let all = whole + fraction
    let leading = all.prefix { $0 == "0" }.count
    var digits = String(all.dropFirst(leading))
    while digits.hasSuffix("0") { digits.removeLast() }
    return (digits, whole.count + exponent - leading)
  }
}
