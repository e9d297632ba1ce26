internal import JSON
internal import MasteryCore
internal import Schemas

/// A field of a request, declared once: the same declaration reads, validates and documents it.
struct Field<Value: Sendable>: Sendable {
  let declaration: FieldDeclaration
  /// Reads the value; nil if it breaks the declaration.
  let read: @Sendable (JSONValue) -> Value?

  init(
    _ name: String, _ type: FieldType, _ meaning: String, also: [String] = [], schema: Schema? = nil,
    read: @escaping @Sendable (JSONValue) -> Value?
  ) {
    declaration = FieldDeclaration(name: name, type: type, meaning: meaning, otherNames: also, ownSchema: schema)
    self.read = read
  }

  /// The declaration of a field without which a request is refused.
  var required: FieldDeclaration {
    var declaration = declaration
    declaration.isRequired = true
    return declaration
  }
}

extension Field {
  static func student(_ meaning: String) -> Self where Value == StudentID {
    Self("student_id", .identifier, meaning) { $0.identifier.flatMap(StudentID.init) }
  }

  static func course(_ meaning: String) -> Self where Value == CourseID {
    Self("course_id", .identifier, meaning) { $0.identifier.flatMap(CourseID.init) }
  }

  static func topic(_ meaning: String) -> Self where Value == TopicPath {
    Self("topic", .topic, meaning) { $0.identifier.flatMap(TopicPath.init) }
  }

  static func integer(_ name: String, _ range: ClosedRange<Int>, _ meaning: String, also: [String] = []) -> Self where Value == Int {
    Self(name, .integer(range), meaning, also: also) { $0.integer.flatMap { range.contains(Int($0)) ? Int($0) : nil } }
  }

  static func boolean(_ name: String, _ meaning: String) -> Self where Value == Bool {
    Self(name, .boolean, meaning) { $0.boolean }
  }

  static func choice(_ name: String, _ meaning: String, also: [String] = []) -> Self
  where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    Self(name, .choice(Value.allCases.map(\.rawValue)), meaning, also: also) { $0.string.flatMap { Value(rawValue: $0) } }
  }

  static func date(_ name: String, _ meaning: String) -> Self where Value == Day {
    Self(name, .date, meaning) { $0.string.flatMap { Day(iso8601: $0) } }
  }
}
