package import JSON

extension JSONValue {
  /// The last whole number up to which all are told apart as doubles, in which some writers and the sidecar keep them.
  private static let lastExact: Int64 = 1 << 53

  /// The text of an id: a string as it is, or a whole number from 0 to 2^53 as its digits; nil for anything else.
  package var identifier: String? {
    if let string { return string }
    guard let integer, (0...Self.lastExact).contains(integer) else { return nil }
    return String(integer)
  }
}
