internal import JSON

/// A value that a field does not take.
struct BadValue {
  /// What is wrong, in a phrase.
  let what: String
  /// Its JSON text.
  let json: String

  /// Values that a field must refuse: one out of its range or form, and where there are types, one of another type.
  static func all(for field: FieldDeclaration, hasTypes: Bool) -> [Self] {
    let other = Self(what: "of another type", json: field.type.isList ? "{}" : "[]")
    return [formless(field.type)].compactMap(\.self) + (hasTypes ? [other] : [])
  }

  /// A value of the right type, but not of the right form.
  private static func formless(_ type: FieldType) -> Self? {
    switch type {
    case .identifier, .eventID: Self(what: "with a space", json: #""a b""#)
    case .topic: Self(what: "with an empty name", json: #""a//b""#)
    case .integer(let range):
      range.upperBound < Int.max
        ? Self(what: "\(range.upperBound + 1)", json: "\(range.upperBound + 1)")
        : Self(what: "\(range.lowerBound - 1)", json: "\(range.lowerBound - 1)")
    case .boolean: Self(what: "yes", json: #""yes""#)
    case .choice: Self(what: "no known word", json: #""no known word""#)
    case .date: Self(what: "30 February", json: #""2026-02-30""#)
    case .timestamp: Self(what: "yesterday", json: #""yesterday""#)
    case .text(let limit): Self(what: "of \(limit + 1) bytes", json: "\"\(String(repeating: "x", count: limit + 1))\"")
    case .list, .components, .weights, .object: nil
    }
  }
}

extension FieldType {
  fileprivate var isList: Bool { if case .list = self { true } else { false } }
}
