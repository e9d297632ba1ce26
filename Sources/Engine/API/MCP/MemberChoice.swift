internal import JSON
internal import Schemas

/// Which members of an answer a caller wants.
indirect enum MemberChoice: Hashable, Sendable {
  case all
  case named([String: MemberChoice])

  /// The name of the argument that chooses.
  static let argument = "fields"

  /// Maximum names of a choice, and maximum members that lead to one.
  private static let (mostNames, deepest) = (64, 8)

  /// Reads a choice: a list of members' names, `a.b` for member b of member a or of each of its elements.
  ///
  /// - Parameters:
  ///   - value: The list; null chooses all.
  ///   - objects: What the answers may be.
  /// - Throws: `JSONInvalid` if it is no list of such names.
  init(_ value: JSONValue, of objects: [ObjectSchema]) throws(JSONInvalid) {
    self = .all
    guard !value.isNull else { return }
    let known = Set(objects.flatMap { $0.properties.map(\.name) }).sorted().joined(separator: ", ")
    let constraint =
      "must be a list of at most \(Self.mostNames) names of the answer's members, a.b for members of members; known are \(known)"
    guard value.kind == .array else { throw JSONInvalid(field: Self.argument, found: value, constraint: constraint) }
    var names: [String: MemberChoice] = [:]
    var count = 0
    for element in value.elements {
      count += 1
      let path = element.string?.split(separator: ".", maxSplits: Self.deepest, omittingEmptySubsequences: false).map(String.init) ?? []
      guard count <= Self.mostNames, (1...Self.deepest).contains(path.count), objects.contains(where: { Self.has($0, path[...]) }) else {
        throw JSONInvalid(field: Self.argument, found: element, constraint: constraint)
      }
      Self.add(path[...], to: &names)
    }
    if !names.isEmpty { self = .named(names) }
  }

  /// Whether a member is wanted: the choice among its own members; nil if it is not.
  func among(_ name: JSONText) -> Self? {
    switch self {
    case .all: .all
    case .named(let names): names.first { name.matches($0.key) }?.value
    }
  }

  private static func add(_ path: ArraySlice<String>, to names: inout [String: MemberChoice]) {
    guard let name = path.first else { return }
    guard path.count > 1 else {
      names[name] = .all
      return
    }
    switch names[name] {
    case .all: break
    case .named(var inner):
      add(path.dropFirst(), to: &inner)
      names[name] = .named(inner)
    case nil:
      var inner: [String: MemberChoice] = [:]
      add(path.dropFirst(), to: &inner)
      names[name] = .named(inner)
    }
  }

  private static func has(_ object: ObjectSchema, _ path: ArraySlice<String>) -> Bool {
    guard let name = path.first else { return true }
    guard let property = object[name] else { return false }
    return has(property.schema, path.dropFirst())
  }

  private static func has(_ schema: Schema, _ path: ArraySlice<String>) -> Bool {
    if path.isEmpty { return true }
    return switch schema {
    case .object(let object): has(object, path)
    case .list(let element, _): has(element, path)
    case .either(let kinds): kinds.contains { has($0, path) }
    case .map(let value): has(value, path.dropFirst())
    case .anything: true
    case .boolean, .integer, .number, .text, .word, .null: false
    }
  }
}
