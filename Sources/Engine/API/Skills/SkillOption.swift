internal import JSON
internal import Schemas

/// An option of a skill: a field of the intent, or a member of a field that is an object.
package struct SkillOption: Sendable {
  /// The name, with `-` for `_`.
  package let name: String
  /// Other names: those of the field, and shorter ones that no other option has.
  package var otherNames: [String] = []
  /// The placeholder of its value.
  package let value: String
  /// What it means, with the bounds of its value.
  package private(set) var meaning: String
  /// Whether a request without it is refused.
  package let isRequired: Bool
  let field: FieldDeclaration
  /// The member of the field's object; nil for the whole field.
  let member: ObjectSchema.Property?

  private init(_ field: FieldDeclaration) {
    let bounds = SkillValue(field.schema, of: field.type)
    self.field = field
    member = nil
    name = Self.spelled(field.name)
    (value, isRequired) = (bounds.placeholder, field.isRequired)
    meaning = field.meaning + bounds.suffix
  }

  private init(_ member: ObjectSchema.Property, of field: FieldDeclaration) {
    let bounds = SkillValue(member.schema, of: nil)
    self.field = field
    self.member = member
    name = Self.spelled(member.name)
    (value, isRequired) = (bounds.placeholder, false)
    meaning = "in \(field.name): \(member.meaning)\(bounds.suffix)"
  }

  /// The options for the fields of an intent.
  static func all(of fields: [FieldDeclaration]) -> [Self] {
    var options = fields.map { Self($0) }
    var taken = Skill.commonOptions.union(options.map(\.name))
    // Words at the beginning or the end of a name are a name too, if that of one field alone.
    let parts = options.map { Self.parts(of: $0.name) }
    let counts = parts.joined().reduce(into: [:]) { $0[$1, default: 0] += 1 }
    for index in options.indices {
      let field = options[index].field
      let own = field.otherNames.map(spelled) + parts[index].filter { counts[$0] == 1 }
      options[index].otherNames = own.filter { taken.insert($0).inserted }
    }
    for (index, field) in fields.enumerated() {
      let members = field.objectSchema?.properties ?? []
      let own = members.filter { taken.insert(spelled($0.name)).inserted }
      options += own.map { Self($0, of: field) }
      // Members that another field has under the same names are given in the object.
      if !members.isEmpty, own.count == members.count { options[index].meaning += "; its members may be given one by one" }
    }
    for index in options.indices {
      // As the fields themselves are spelled.
      options[index].otherNames += ([options[index].name] + options[index].otherNames).filter { $0.contains("-") }
        .map { $0.replacing("-", with: "_") }
    }
    return options.filter { !Skill.commonOptions.contains($0.name) }
  }

  private static func spelled(_ name: String) -> String { name.replacing("_", with: "-") }

  /// The words at the beginning of a name, and those at its end.
  private static func parts(of name: String) -> Set<String> {
    let words = name.split(separator: "-")
    return Set((1..<max(words.count, 1)).flatMap { [words.prefix($0), words.suffix($0)] }.map { $0.joined(separator: "-") })
  }
}

extension FieldDeclaration {
  /// What its value may be, if that is an object with declared members.
  fileprivate var objectSchema: ObjectSchema? {
    if case .object(let object) = schema, !object.properties.isEmpty { object } else { nil }
  }
}
