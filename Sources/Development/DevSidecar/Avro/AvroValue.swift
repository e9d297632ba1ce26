/// A value that an Avro schema describes.
indirect enum AvroValue: Hashable, Sendable {
  /// An entry of a map.
  struct Entry: Hashable, Sendable {
    /// UTF-8, unless whoever wrote it erred.
    var key: [UInt8]
    var value: AvroValue
  }

  case null
  case boolean(Bool)
  /// An int or a long.
  case integer(Int64)
  case float(Float)
  case double(Double)
  /// Bytes, a fixed, or text, which is UTF-8 unless whoever wrote it erred.
  case bytes([UInt8])
  /// The number of an enumeration's symbol.
  case symbol(Int)
  case array([AvroValue])
  case map([Entry])
  /// All fields, in the order of the schema.
  case record([AvroValue])
  /// The number of a union's branch, and its value.
  case branch(Int, AvroValue)
}
