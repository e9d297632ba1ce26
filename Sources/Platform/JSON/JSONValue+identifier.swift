extension JSONValue {
  /// The largest whole number below which all are distinct as doubles, which some writers and the sidecar use.
  private static let lastExact: Int64 = 1 << 53

  /// The text of an id: a string unchanged, or a whole number from 0 to 2^53 as its digits; nil for anything else.
  package var identifier: String? {
    if let string { return string }
    guard let integer, (0...Self.lastExact).contains(integer) else { return nil }
    return String(integer)
  }
}
