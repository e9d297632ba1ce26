/// One value to save.
public struct SaveItem: Sendable {
  /// The condition for writing a value.
  public enum Condition: Sendable, Hashable {
    /// Unconditional; the last write wins.
    case always
    /// Only if there is no value yet.
    case absent
    /// Only if the ETag still matches.
    case matches(String)
  }

  /// The key; it must not contain `||`.
  public var key: String
  /// The document as JSON text, an object or array without white space; the store receives a string that holds it.
  public var value: [UInt8]
  /// The write condition.
  public var condition: Condition
  /// Time to live in seconds, −1 for no expiry; nil sends none.
  public var secondsToLive: Int?

  /// Creates an item.
  public init(key: String, value: [UInt8], condition: Condition, secondsToLive: Int? = nil) {
    self.key = key
    self.value = value
    self.condition = condition
    self.secondsToLive = secondsToLive
  }
}
