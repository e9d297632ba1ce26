internal import JSON

/// A document in its stored form: a JSON string that holds its text, because an encrypted store returns nothing else unchanged.
///
/// A plain object or array, as earlier releases wrote it to unencrypted stores, is a document too.
enum StoredDocument {
  /// Reads a stored value.
  ///
  /// - Parameters:
  ///   - value: The value as the sidecar returns it.
  ///   - decode: Reads the document; it must not let the value escape.
  /// - Returns: The decoded value, or why there is no document.
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
      // A string within a string is never written.
      guard root.kind == .object || root.kind == .array else { return .failure(NoDocument(reason: UnreadableValue.notJSON)) }
      return .success(decode(root))
    }
    return read ?? .failure(NoDocument(reason: UnreadableValue.reason(for: text)))
  }
}
