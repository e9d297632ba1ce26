/// One change of one key.
struct StateRequest: Hashable, Sendable {
  /// The requested lifetime of the value.
  enum Lifetime: Hashable, Sendable {
    /// Not given.
    case unsaid
    /// For ever, given explicitly.
    case endless
    /// That many seconds.
    case seconds(Int64)
    /// Not a number of seconds.
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
  /// Whether only the first write wins.
  var isFirstWrite = false
  var lifetime = Lifetime.unsaid
}
