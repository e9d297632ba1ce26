extension JSONValue {
  /// The last whole number that no other one becomes as a double, which some writers and the sidecar use: 2^53 + 1 becomes 2^53.
  private static let lastExact: Int64 = (1 << 53) - 1

  /// The text of an id: a string unchanged, or a whole number from 0 to 2^53 - 1 as its digits; nil for anything else.
  package var identifier: String? {
    if let string { return string }
    guard let integer, (0...Self.lastExact).contains(integer) else { return nil }
    return String(integer)
  }
}
