internal import Encodings

/// What a store holds under a key.
struct StateEntry: Hashable, Sendable {
  /// The value's text, or its sealed form.
  var value: [UInt8]
  /// The version: random, or a counter in the low word, depending on the profile.
  var version: Bits128
  /// When it ends, in milliseconds since 1970; nil for never.
  var expires: Int64?
  /// Whether these are bytes that the sidecar made, which SQLite's component keeps as base64.
  var isBinary = false

  func isLive(at now: Int64) -> Bool {
    expires.map { $0 > now } ?? true
  }
}
