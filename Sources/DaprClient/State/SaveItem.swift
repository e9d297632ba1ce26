/// One value to save.
public struct SaveItem: Sendable {
  /// On which condition a value is written.
  public enum Condition: Sendable, Hashable {
    /// Always; the last one wins.
    case always
    /// Only where there is no value yet.
    case absent
    /// Only where that ETag still stands.
    case matches(String)
  }

  /// The key; `||` is not allowed in it.
  public var key: String
  /// The document as JSON text, an object or array without white space; the store gets a string that holds it.
  public var value: [UInt8]
  /// On which condition it is written.
  public var condition: Condition
  /// Seconds that the value lives, −1 for ever; nil sends nothing.
  public var secondsToLive: Int?

  /// A value to save.
  public init(key: String, value: [UInt8], condition: Condition, secondsToLive: Int? = nil) {
    self.key = key
    self.value = value
    self.condition = condition
    self.secondsToLive = secondsToLive
  }
}
