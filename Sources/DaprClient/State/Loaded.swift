/// What stands at a key.
public struct Loaded<Value: Sendable>: Sendable {
  /// What a bulk read said of one key.
  public enum State: Sendable {
    /// There is no value.
    case missing
    /// There is one.
    case value(Value, etag: String)
    /// The store could not say; why. Another read may.
    case failed(String)
    /// Something stands there that no read makes a document of; why, and its ETag where the sidecar tells it.
    case unreadable(String, etag: String?)
  }

  /// The key.
  public var key: String
  /// What stands there.
  public var state: State

  /// A key and what stands there.
  public init(key: String, state: State) {
    self.key = key
    self.state = state
  }
}
