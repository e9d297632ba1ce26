internal import CAvro
internal import JSON
internal import Synchronization

/// A schema by which libavro reads and writes messages.
///
/// libavro is given a plainer schema that encodes the same: text as bytes, and a map as a list of pairs, since it keeps text up to its
/// first zero byte and one of two equal keys. What it does not keep of a schema at all, defaults and logical types, is in `types`.
final class AvroSchema: @unchecked Sendable {  // The pointers are made here once and used under `library` only.
  let types: AvroTypes
  private let schema: avro_schema_t
  private let values: UnsafeMutablePointer<avro_value_iface_t>
  /// libavro has one text for the last error of the whole process.
  private static let library = Mutex(())

  /// A schema from its JSON text.
  ///
  /// - Throws: `AvroFailure` that says what the schema must be.
  init(_ text: [UInt8]) throws(AvroFailure) {
    let types = try AvroSchemaReader.types(of: text)
    let plain = AvroPlainSchema.text(of: types)
    let made = Self.library.withLock { _ -> Result<(avro_schema_t, UnsafeMutablePointer<avro_value_iface_t>), AvroFailure> in
      var schema: avro_schema_t?
      let status = plain.withUnsafeBytes {
        avro_schema_from_json_length($0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count, &schema)
      }
      guard status == 0, let schema else { return .failure(Self.failure()) }
      guard let values = avro_generic_class_from_schema(schema) else {
        avro_schema_decref(schema)
        return .failure(Self.failure())
      }
      return .success((schema, values))
    }
    (schema, values) = try made.get()
    self.types = types
  }

  deinit {
    Self.library.withLock { _ in
      shim_avro_release_class(values)
      avro_schema_decref(schema)
    }
  }

  private static func failure() -> AvroFailure { AvroFailure("libavro: \(String(cString: avro_strerror()))") }

  /// Reads the value at the beginning of bytes; what stands after it is not looked at.
  ///
  /// - Throws: `AvroFailure` if the bytes are no such value.
  func value(in bytes: ArraySlice<UInt8>) throws(AvroFailure) -> AvroValue {
    var scan = AvroScan(bytes, types)
    try scan.skip(types.whole)
    let bytes = bytes[..<scan.position]
    return try using { (whole) throws(AvroFailure) in
      // A pointer to no bytes must still be one.
      let source = bytes.isEmpty ? [0] : Array(bytes)
      let status = source.withUnsafeBytes { source -> Int32 in
        let reader = avro_reader_memory(source.baseAddress?.assumingMemoryBound(to: CChar.self), Int64(bytes.count))
        defer { avro_reader_free(reader) }
        return avro_value_read(reader, &whole)
      }
      guard status == 0 else { throw Self.failure() }
      return try AvroValueReader(types: types).value(whole, types.whole)
    }
  }

  /// The bytes of a value that is as `types` say.
  ///
  /// - Throws: `AvroFailure` if there is no memory for them.
  func bytes(of value: AvroValue) throws(AvroFailure) -> [UInt8] {
    try using { (whole) throws(AvroFailure) in
      try AvroValueWriter(types: types).set(&whole, to: value, types.whole)
      var size = 0
      guard avro_value_sizeof(&whole, &size) == 0 else { throw Self.failure() }
      var status: Int32 = 0
      let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
        // A pointer to no bytes is refused, and nothing is to be written there.
        guard size > 0 else { return }
        buffer.withMemoryRebound(to: CChar.self) { buffer in
          let writer = avro_writer_memory(buffer.baseAddress, Int64(size))
          defer { avro_writer_free(writer) }
          status = avro_value_write(writer, &whole)
        }
        count = status == 0 ? size : 0
      }
      guard status == 0 else { throw Self.failure() }
      return bytes
    }
  }

  /// Lends a new value of libavro's, under the lock.
  private func using<Result>(_ use: (inout avro_value_t) throws(AvroFailure) -> Result) throws(AvroFailure) -> Result {
    try Self.library.withLock { _ -> Swift.Result<Result, AvroFailure> in
      var value = avro_value_t()
      guard avro_generic_value_new(values, &value) == 0 else { return .failure(Self.failure()) }
      defer { avro_value_decref(&value) }
      do throws(AvroFailure) {
        return .success(try use(&value))
      } catch {
        return .failure(error)
      }
    }.get()
  }
}
