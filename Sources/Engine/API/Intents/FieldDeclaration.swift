internal import JSON
internal import Schemas

/// The name, type and meaning of a field.
struct FieldDeclaration: Sendable, Hashable {
  let name: String
  let type: FieldType
  let meaning: String
  /// Aliases that clients of this fleet use.
  var otherNames: [String] = []
  /// Whether a request without it is refused.
  var isRequired = false
  /// What its value may be, where the type does not say it all.
  var ownSchema: Schema?

  /// The words to use, where other words for the same are understood too; nil if there are none.
  var preferredWords: [String]?

  /// The same field, which has several words for the same, with the one of each to use.
  func preferring(_ words: [String]) -> Self {
    var field = self
    field.preferredWords = words
    return field
  }

  /// What its value may be.
  var schema: Schema { ownSchema ?? type.schema }

  /// Whether a member of that name is this field.
  func isCalled(_ name: JSONText) -> Bool { name.matches(self.name) || otherNames.contains { name.matches($0) } }

  /// Whether a query parameter of that name is this field.
  func isCalled(_ name: String) -> Bool { ([self.name] + otherNames).contains { $0.utf8.elementsEqual(name.utf8) } }
}
