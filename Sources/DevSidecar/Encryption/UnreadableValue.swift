/// Why an encrypted store cannot give a value back, and how the recorded sidecar shows it.
enum UnreadableValue: Error, Hashable, Sendable {
  /// No name of a key stands behind the value.
  case unnamed
  /// The value is no base64; the place of the first byte that does not fit.
  case noBase64(at: Int)
  /// The value was sealed with another key, or changed since.
  case forged
  /// The recorded sidecar breaks down at it and closes the connection: an unknown key, or a value that was never encrypted.
  case breakdown

  /// The sidecar's words.
  func message(store: String) -> String {
    switch self {
    case .unnamed: "could not decrypt data for state store \(store): encryption key name not found on record"
    case .noBase64(let place): "illegal base64 data at input byte \(place)"
    case .forged: "cipher: message authentication failed"
    case .breakdown: "the sidecar broke down"
    }
  }
}
