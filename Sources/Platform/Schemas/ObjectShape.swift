public import JSON

/// The JSON object of a kind of value: its members, each declared once.
public struct ObjectShape<Value>: Sendable {
  /// The members, in the order in which they are written.
  @usableFromInline let members: [Member<Value>]
  /// What is written.
  public let schema: ObjectSchema

  /// Creates an object's form.
  ///
  /// - Parameters:
  ///   - name: The name of the kind of object, under which documents list it once; nil for one that stands only where it is used.
  ///   - meaning: What the object is, in a phrase; empty if its place says it all.
  ///   - members: The members.
  public init(_ name: String? = nil, _ meaning: String = "", @MemberBuilder<Value> _ members: () -> [Member<Value>]) {
    self.members = members()
    // Readers may not count on there being no further member: a later release may have more.
    schema = ObjectSchema(name, meaning, isOpen: true, self.members.flatMap(\.properties))
  }

  /// Writes the members of a value into an open object.
  @inlinable
  public func writeMembers(of value: Value, to json: inout JSONWriter) {
    for member in members { member.writing(value, &json) }
  }

  /// The object as the form of a value.
  public var shape: Shape<Value> {
    Shape(.object(schema)) { [self] value, json in json.object { writeMembers(of: value, to: &$0) } }
  }
}

/// Puts members together.
@resultBuilder
public enum MemberBuilder<Value> {
  /// A member.
  public static func buildExpression(_ member: Member<Value>) -> Member<Value> { member }
  /// Members, one after the other.
  public static func buildBlock(_ members: Member<Value>...) -> [Member<Value>] { members }
}
