internal import JSON

/// A document as it stands in a store: a JSON string that holds its text, since an encrypted store gives nothing else back as it was.
///
/// An object or array that stands there itself, as earlier releases wrote it to plain stores, is a document too.
enum StoredDocument {
  /// Reads a stored value.
  ///
  /// - Parameters:
  ///   - value: The value as the sidecar hands it out.
  ///   - decode: Reads the document; it must not let the value escape.
  /// - Returns: What was read, or why there is no document.
  static func read<Value>(_ value: JSONValue, _ decode: (JSONValue) -> Value) -> Result<Value, NoDocument> {
    switch value.kind {
    case .object, .array: return .success(decode(value))
    case .string:
      guard let text = value.text else { return .failure(NoDocument(reason: UnreadableValue.empty)) }
      return read(text: UnsafeRawBufferPointer(text.bytes), decode)
    case .number, .boolean, .null: return .failure(NoDocument(reason: UnreadableValue.notJSON))
    }
  }

  /// Reads a document's text.
  static func read<Value>(text: UnsafeRawBufferPointer, _ decode: (JSONValue) -> Value) -> Result<Value, NoDocument> {
    let read = try? JSONDocument.parse(text) { root -> Result<Value, NoDocument> in
      // A string in a string is nothing that was ever written.
      guard root.kind == .object || root.kind == .array else { return .failure(NoDocument(reason: UnreadableValue.notJSON)) }
      return .success(decode(root))
    }
    return read ?? .failure(NoDocument(reason: UnreadableValue.reason(for: text)))
  }
}

/// Why a stored value is no document.
struct NoDocument: Error, Hashable {
  let reason: String
}
