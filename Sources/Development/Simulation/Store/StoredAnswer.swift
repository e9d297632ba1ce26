/// What a sidecar returns from a state store for one key, as recorded.
enum StoredAnswer: Sendable {
  /// No value.
  case missing
  /// A document's text, and its ETag.
  case document([UInt8], etag: String)
  /// A bulk get's entry shows that the value is not a document; a get of the key alone shows it too, though not always with the ETag.
  case unreadable(String, etag: String, isAloneWithoutETag: Bool)
  /// A bulk get has an empty body, whatever other keys it names; a get of the key alone returns something that is not a document.
  case spoils(String, etag: String)
  /// The connection closes without an answer.
  case closes
}
