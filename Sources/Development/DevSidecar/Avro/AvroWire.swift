/// The messages of a component as Avro: a zero byte, the schema's number in four bytes, and the value.
struct AvroWire: Sendable {
  /// A message as subscribers get it.
  struct Read: Hashable, Sendable {
    /// JSON text.
    var text: [UInt8]
    /// Whether a subscription can have it only as bytes: it is neither an object nor null, or has a number that no double holds.
    var isBroken: Bool
  }

  /// Where its schemas are; nil if the component does not say.
  let registry: SchemaRegistry?
  /// Whether unions are written as Avro's own JSON encoding does.
  let namesBranches: Bool
  private static let headerLength = 5
  /// A message without a value, as it is kept and delivered.
  static let tombstone = Array("null".utf8)

  private func found() throws(AvroFailure) -> SchemaRegistry {
    guard let registry else { throw AvroFailure("schema registry details not set") }
    return registry
  }

  /// The JSON text of a message, by the schema that it was written with.
  ///
  /// The first byte and what stands after the value are not looked at, as recorded.
  ///
  /// - Throws: `AvroFailure` if the message is none, or its schema is not to be had.
  func read(_ message: [UInt8], _ random: RandomBits) async throws(AvroFailure) -> Read {
    guard message != Self.tombstone else { return Read(text: message, isBroken: false) }
    guard message.count >= Self.headerLength else { throw AvroFailure("value is too short") }
    let id = message[1..<Self.headerLength].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    let schema = try await found().schema(id)
    let value = try schema.value(in: message[Self.headerLength...])
    var printer = AvroPrinter(schema.types, namesBranches: namesBranches, random)
    printer.print(value, schema.types.whole)
    let isTaken = !printer.hasInfinity && (printer.text.first == UInt8(ascii: "{") || printer.text == Self.tombstone)
    return Read(text: printer.text, isBroken: !isTaken)
  }

  /// The schema that messages to a topic are written with.
  ///
  /// - Throws: `AvroFailure` if it is not to be had.
  func latest(for topic: String) async throws(AvroFailure) -> SchemaRegistry.Registered {
    try await found().latest(of: "\(topic)-value")
  }

  /// A message from its JSON text.
  ///
  /// - Throws: `AvroFailure` in the recorded words if the text does not fit the schema.
  func written(_ text: [UInt8], _ registered: SchemaRegistry.Registered) throws(AvroFailure) -> [UInt8] {
    let schema = registered.schema
    let value = try AvroTextReader.value(text, schema.types, namesBranches: namesBranches)
    let id = (0..<4).map { UInt8(truncatingIfNeeded: registered.id >> (24 - 8 * $0)) }
    return [0] + id + (try schema.bytes(of: value))
  }
}
