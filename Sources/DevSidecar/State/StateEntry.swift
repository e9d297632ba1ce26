internal import Encodings

/// What a store holds under a key.
struct StateEntry: Hashable, Sendable {
  /// The value's text, or what it was sealed to.
  var value: [UInt8]
  /// The version: random, or a counter in the low word, as the profile has it.
  var version: Bits128
  /// When it ends, in milliseconds since 1970; nil never.
  var expires: Int64?
  /// Whether these are bytes of the sidecar's own making, which SQLite's component keeps as base64.
  var isBinary = false

  func isLive(at now: Int64) -> Bool {
    expires.map { $0 > now } ?? true
  }
}
