/// One change of one key.
struct StateRequest: Hashable, Sendable {
  /// How long the value shall live.
  enum Lifetime: Hashable, Sendable {
    /// Nothing was said.
    case unsaid
    /// For ever, said so.
    case endless
    /// That many seconds.
    case seconds(Int64)
    /// Something that is no number of seconds.
    case invalid(String)
  }

  /// The caller's key, without the app's prefix.
  var key: String
  /// The value's text as it goes to the store; nil deletes.
  var value: [UInt8]?
  /// Whether the value was sealed.
  var isSealed = false
  /// The ETag that the caller saw; nil for none.
  var etag: String?
  /// Whether only the first write shall win.
  var isFirstWrite = false
  var lifetime = Lifetime.unsaid
}
