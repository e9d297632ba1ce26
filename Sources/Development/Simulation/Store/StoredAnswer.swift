/// What a sidecar returns from a state store for one key, as it was recorded.
enum StoredAnswer: Sendable {
  /// No value.
  case missing
  /// A document's text, and its ETag.
  case document([UInt8], etag: String)
  /// A bulk get's entry says that there is no document; a request for the key alone says so too, though not always with the ETag.
  case unreadable(String, etag: String, isAloneWithoutETag: Bool)
  /// A bulk get has no body at all, for all keys that it asks for; a request for the key alone returns something that is not a document.
  case spoils(String, etag: String)
  /// The connection closes without an answer.
  case closes
}
