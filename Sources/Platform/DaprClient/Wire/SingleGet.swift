internal import HTTPClient
internal import JSON

/// The answer to a read of one key.
enum SingleGet {
  /// The stored value of the key.
  ///
  /// - Throws: `SidecarFailure` if the answer does not say.
  static func read<Value: Sendable>(_ answer: HTTPAnswer, decode: (JSONValue) -> Value) throws(SidecarFailure) -> Loaded<Value>.State {
    if answer.status == 204 { return .missing }
    guard answer.isSuccess else {
      let failure = SidecarFailure(answer)
      if case .failed(_, _, let message) = failure, let reason = UnreadableValue.decryption(message) {
        return .unreadable(reason, etag: nil)
      }
      throw failure
    }
    let etag = answer.headers.first { $0.name.lowercased() == "etag" }?.value
    let read = answer.body.withUnsafeBytes { bytes in
      // The bare value: a document's text from an encrypted store, a JSON string that holds one from any other.
      (try? JSONDocument.parse(bytes) { StoredDocument.read($0, decode) })
        ?? .failure(NoDocument(reason: UnreadableValue.reason(for: bytes)))
    }
    switch read {
    case .success(let value):
      guard let etag else { return .failed("a value without an ETag") }
      return .value(value, etag: etag)
    case .failure(let none): return .unreadable(none.reason, etag: etag)
    }
  }
}
