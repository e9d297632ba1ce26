internal import JSON

/// The reasons why a stored value is not a document, worded as instructions for an operator.
enum UnreadableValue {
  /// The sidecar closes the connection instead of answering, as it does if it cannot find the encryption key.
  static let silent =
    "the sidecar closes the connection: the encryption key is gone from the component, or the value was saved before encryption was "
    + "turned on; put the key back, or erase the student"
  /// The sidecar returns a value that is not JSON.
  static let notJSON =
    "the value is not JSON: it was not written by this engine, or is torn; restore it from a backup, or erase the student"
  /// The sidecar returns an encrypted value without decrypting it.
  static let ciphertext = "the value is encrypted and the component names no key any more; put the key back"
  /// The value is empty.
  static let empty = "the value is empty; restore it from a backup, or erase the student"

  /// The reason if the sidecar's message means that a value cannot be decrypted; nil for any other message.
  static func decryption(_ message: String) -> String? {
    if message.contains("encryption key name not found") {
      return "the value was saved before encryption was turned on; restore it, or erase the student (\(message.prefix(200)))"
    }
    if message.contains("message authentication failed") {
      return "the encryption key has another value than the one it was saved under; put the old key back (\(message.prefix(200)))"
    }
    if message.contains("could not decrypt") || message.contains("illegal base64 data") {
      return "the value cannot be decrypted; put the right key back, or erase the student (\(message.prefix(200)))"
    }
    return nil
  }

  /// The most likely reason why a text is not JSON.
  static func reason(for text: UnsafeRawBufferPointer) -> String {
    if text.isEmpty { return empty }
    return isCiphertext(text) ? ciphertext : notJSON
  }

  /// Whether a text is base64, two bars and a key's name, the form of an encrypted value in a store.
  private static func isCiphertext(_ text: UnsafeRawBufferPointer) -> Bool {
    let bar = UInt8(ascii: "|")
    guard let bars = text.firstIndex(of: bar), bars >= 16, bars + 1 < text.count, text[bars + 1] == bar else { return false }
    return text[..<bars].allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="): true
      default: false
      }
    }
  }
}
