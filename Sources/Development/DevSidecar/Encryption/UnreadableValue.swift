/// Why an encrypted store cannot return a value, and how the recorded sidecar reports it.
enum UnreadableValue: Error, Hashable, Sendable {
  /// The value names no key.
  case unnamed
  /// The value is not base64; the position of the first invalid byte.
  case noBase64(at: Int)
  /// The value was sealed with another key, or was changed since.
  case forged
  /// The recorded sidecar crashes on it and closes the connection: an unknown key, or a value that was never encrypted.
  case breakdown

  /// The sidecar's words.
  func message(store: String) -> String {
    switch self {
    case .unnamed: "could not decrypt data for state store \(store): encryption key name not found on record"
    case .noBase64(let position): "illegal base64 data at input byte \(position)"
    case .forged: "cipher: message authentication failed"
    case .breakdown: "the sidecar broke down"
    }
  }
}
