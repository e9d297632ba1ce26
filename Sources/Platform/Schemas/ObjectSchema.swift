/// The declared members of an object.
public struct ObjectSchema: Hashable, Sendable {
  /// A member.
  public struct Property: Hashable, Sendable {
    /// The member's name.
    public let name: String
    /// What its value may be.
    public let schema: Schema
    /// What it means, in a phrase.
    public let meaning: String
    /// Whether it is always there.
    public var isRequired: Bool

    /// Creates a member's declaration.
    public init(_ name: String, _ schema: Schema, _ meaning: String, isRequired: Bool = true) {
      (self.name, self.schema, self.meaning, self.isRequired) = (name, schema, meaning, isRequired)
    }
  }

  /// The name of the kind of object, under which documents list it once; nil for one that stands only where it is used.
  public let name: String?
  /// What the object is, in a phrase; empty if its place says it all.
  public let meaning: String
  /// The members, in the order in which they are written.
  public let properties: [Property]
  /// Whether the object may have other members too.
  public var isOpen: Bool
  /// The members of which at least one must be there; empty if that is no condition.
  public var oneOf: [String] = []

  /// Creates an object's declaration.
  public init(_ name: String?, _ meaning: String = "", isOpen: Bool = false, _ properties: [Property]) {
    (self.name, self.meaning, self.isOpen, self.properties) = (name, meaning, isOpen, properties)
  }

  /// Creates the declaration of an object that stands only where it is used.
  public init(isOpen: Bool = false, _ properties: [Property]) { self.init(nil, isOpen: isOpen, properties) }

  /// The names of the members that are always there.
  public var required: [String] { properties.filter(\.isRequired).map(\.name) }

  /// The declaration of the member with that name.
  public subscript(_ name: String) -> Property? { properties.first { $0.name == name } }
}
