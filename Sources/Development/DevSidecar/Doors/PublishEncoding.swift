/// How the broker's component writes published messages.
enum PublishEncoding: Sendable {
  /// As they are.
  case none
  /// In Avro, with a schema.
  case avro(AvroWire, SchemaRegistry.Registered)
  /// Not at all, unless they are null; why.
  case refused(String)

  /// Whether the messages must be there, whoever reads them, to be judged.
  var needsBodies: Bool {
    if case .none = self { false } else { true }
  }

  /// Writes a message.
  ///
  /// - Throws: `AvroFailure` if it does not fit the schema, or there is none.
  func write(_ message: inout Message) throws(AvroFailure) {
    // A message without a value has no schema.
    guard needsBodies, message.body != AvroWire.tombstone else { return }
    switch self {
    case .none: return
    case .avro(let wire, let registered): message.body = try wire.written(message.body, registered)
    case .refused(let why): throw AvroFailure(why)
    }
    message.isEvent = false
    message.isCanonical = false
  }
}
