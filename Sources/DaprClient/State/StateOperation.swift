/// One step of a transaction.
public enum StateOperation: Sendable {
  /// Writes a value.
  case save(SaveItem)
  /// Removes one, with an ETag only where it still stands.
  case delete(key: String, etag: String?)
}
