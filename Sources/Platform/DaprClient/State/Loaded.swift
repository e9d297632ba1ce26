/// The stored value of a key.
public struct Loaded<Value: Sendable>: Sendable {
  /// The result of a bulk read for one key.
  public enum State: Sendable {
    /// The key has no value.
    case missing
    /// The key has a value.
    case value(Value, etag: String)
    /// The store could not read the key, with the reason. Another read may succeed.
    case failed(String)
    /// The value cannot be decoded as a document by any read, with the reason, and its ETag if the sidecar returned it.
    case unreadable(String, etag: String?)
  }

  /// The key.
  public var key: String
  /// The result of the read.
  public var state: State

  /// Creates a result.
  public init(key: String, state: State) {
    self.key = key
    self.state = state
  }
}
