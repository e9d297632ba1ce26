/// One step of a transaction.
public enum StateOperation: Sendable {
  /// Writes a value.
  case save(SaveItem)
  /// Deletes a value, with an ETag only if the ETag still matches.
  case delete(key: String, etag: String?)
}
