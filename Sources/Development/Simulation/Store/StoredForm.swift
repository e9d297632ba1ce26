/// The form in which a state store holds a value.
public enum StoredForm: Sendable, Hashable {
  /// A JSON string that holds the text, as the service saves it.
  case text
  /// The JSON value itself, as earlier releases saved it.
  case object
  /// Bytes that another writer stored without the sidecar.
  case foreign
  /// Encrypted under a known key name, but with other key bytes.
  case sealed
  /// Encrypted under a key whose name is lost.
  case lost
}

extension SimulatedStore {
  /// What a sidecar returns for a key.
  func answer(_ key: String) -> StoredAnswer {
    guard let stored = stored(key) else { return .missing }
    let (value, etag) = (stored.value, stored.etag)
    switch (stored.form, isEncrypted) {
    case (.text, _) where stored.isDocument, (.object, false) where stored.isDocument: return .document(value, etag: etag)
    // A string may hold anything; decrypted bytes are returned as they are.
    case (.text, false): return .unreadable("the value is not JSON", etag: etag, isAloneWithoutETag: false)
    case (.text, true), (.object, _): return .spoils("the value is not JSON", etag: etag)
    case (.foreign, false): return .spoils("the value is not JSON", etag: etag)
    case (.sealed, false), (.lost, false): return .spoils("the value is encrypted", etag: etag)
    case (.sealed, true): return .unreadable("message authentication failed", etag: etag, isAloneWithoutETag: true)
    case (.foreign, true), (.lost, true): return .closes
    }
  }
}
