extension JSONValue {
  /// The value's compact JSON text, as bytes.
  public var compactBytes: [UInt8] { compact.bytes }

  /// The value's compact JSON text.
  public var compactText: String { compact.text }

  private var compact: JSONWriter {
    var json = JSONWriter()
    json.copy(self)
    return json
  }
}
