/// A stored field that this release does not know and passes on unchanged.
public struct PreservedField: Hashable, Sendable {
  /// The field's name.
  public let name: String
  /// Its value as JSON.
  public let json: String

  /// Creates a field.
  public init(name: String, json: String) {
    self.name = name
    self.json = json
  }
}
