internal import JSON
internal import MasteryCore

/// The components of a request or event: each a number 0…1 or an evidence object.
enum GivenComponents {
  /// Reads an object of components.
  ///
  /// - Parameters:
  ///   - value: The object.
  ///   - path: The prefix of a component's name in errors, such as `components.`.
  ///   - refusesUnknown: Whether an evidence object may hold only fields of its component, as in requests; in events a value may also
  ///     stand in the object of an Avro union.
  /// - Returns: What each given component's evidence is made of.
  /// - Throws: `JSONInvalid` naming the first member that is not a component, or neither a number 0…1 nor an evidence object.
  static func read(_ value: JSONValue, path: String, refusesUnknown: Bool = false) throws(JSONInvalid) -> ComponentValues<EvidenceContent> {
    var contents = ComponentValues<EvidenceContent>()
    try forEach(in: value, path) { (component, member) throws(JSONInvalid) in
      if member.isNull { return }
      let member = refusesUnknown ? member : member.single.record
      if member.kind == .object {
        let fields = EvidenceFields(
          object: member, fallback: nil, path: "\(path)\(component.rawValue).", mayBeUnions: !refusesUnknown)
        if refusesUnknown { try fields.refuseUnknown(of: component) }
        contents[component] = try fields.content(of: component)
      } else {
        guard let score = member.number.flatMap(Score.init) else {
          throw JSONInvalid(
            field: path + component.rawValue, found: member, constraint: "must be a number from 0 to 1 or an evidence object")
        }
        contents[component] = .given(score)
      }
    }
    return contents
  }

  /// The names of the components in an object: those of which something is said, or all of them if nothing is said of any.
  ///
  /// - Parameters:
  ///   - value: The object.
  ///   - path: The prefix of a component's name in errors, such as `components.`.
  /// - Returns: The components.
  /// - Throws: `JSONInvalid` naming the first member that is not a component.
  static func names(in value: JSONValue, path: String) throws(JSONInvalid) -> Set<Component> {
    var (names, said): (Set<Component>, Set<Component>) = ([], [])
    try forEach(in: value, path) { (component, member) throws(JSONInvalid) in
      names.insert(component)
      if !member.isNull { said.insert(component) }
    }
    return said.isEmpty ? names : said
  }

  /// Visits the members of an object of components, null ones included.
  private static func forEach(
    in value: JSONValue, _ path: String, _ visit: (Component, JSONValue) throws(JSONInvalid) -> Void
  ) throws(JSONInvalid) {
    guard value.kind == .object else {
      throw JSONInvalid(field: String(path.dropLast()), found: value, constraint: "must be an object of components")
    }
    for (name, member) in value.members {
      guard let component = Component.allCases.first(where: { name == $0.key }) else {
        throw JSONInvalid(field: path + name.string, found: member, constraint: "is no component; known are \(known)")
      }
      try visit(component, member)
    }
  }

  private static var known: String { Component.allCases.map(\.rawValue).joined(separator: ", ") }
}
