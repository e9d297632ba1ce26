internal import CAvro

/// Takes values over from libavro.
struct AvroValueReader {
  let types: AvroTypes

  /// A value of a type, by its number.
  ///
  /// - Throws: `AvroFailure` if a map has a key twice, or libavro has no such value.
  func value(_ value: avro_value_t, _ number: Int) throws(AvroFailure) -> AvroValue {
    var value = value
    switch types[number].kind {
    case .null: return .null
    case .boolean: return .boolean(try got(shim_avro_get_boolean, &value, Int32()) != 0)
    case .int: return .integer(Int64(try got(shim_avro_get_int, &value, Int32())))
    case .long: return .integer(try got(shim_avro_get_long, &value, Int64()))
    case .float: return .float(try got(shim_avro_get_float, &value, Float()))
    case .double: return .double(try got(shim_avro_get_double, &value, Double()))
    case .bytes, .string: return .bytes(try bytes(shim_avro_get_bytes, &value))
    case .fixed: return .bytes(try bytes(shim_avro_get_fixed, &value))
    case .enumeration: return .symbol(Int(try got(shim_avro_get_enum, &value, Int32())))
    case .array(let items):
      var elements: [AvroValue] = []
      for index in 0..<(try got(shim_avro_get_size, &value, Int())) {
        elements.append(try self.value(try child(index, &value), items))
      }
      return .array(elements)
    case .map(let values): return .map(try entries(&value, values))
    case .record(let fields):
      var all: [AvroValue] = []
      for (index, field) in fields.enumerated() { all.append(try self.value(try child(index, &value), field.type)) }
      return .record(all)
    case .union(let branches):
      let branch = Int(try got(shim_avro_get_discriminant, &value, Int32()))
      guard branches.indices.contains(branch) else { throw Self.failure }
      let inner = try got(shim_avro_get_branch, &value, avro_value_t())
      return .branch(branch, try self.value(inner, branches[branch]))
    }
  }

  private func entries(_ value: inout avro_value_t, _ values: Int) throws(AvroFailure) -> [AvroValue.Entry] {
    var entries: [AvroValue.Entry] = []
    var keys: Set<[UInt8]> = []
    for index in 0..<(try got(shim_avro_get_size, &value, Int())) {
      var pair = try child(index, &value)
      var key = try child(0, &pair)
      let name = try bytes(shim_avro_get_bytes, &key)
      guard keys.insert(name).inserted else {
        throw AvroFailure("cannot decode binary map: duplicate key: \"\(String(decoding: name, as: UTF8.self))\"")
      }
      entries.append(AvroValue.Entry(key: name, value: try self.value(try child(1, &pair), values)))
    }
    return entries
  }

  private static let failure = AvroFailure("libavro has no value of the schema's type")

  private func got<Value>(
    _ get: (UnsafePointer<avro_value_t>, UnsafeMutablePointer<Value>) -> Int32, _ value: inout avro_value_t, _ empty: Value
  ) throws(AvroFailure) -> Value {
    var found = empty
    guard get(&value, &found) == 0 else { throw Self.failure }
    return found
  }

  private func child(_ index: Int, _ value: inout avro_value_t) throws(AvroFailure) -> avro_value_t {
    var child = avro_value_t()
    guard shim_avro_get_child(&value, index, &child) == 0 else { throw Self.failure }
    return child
  }

  private func bytes(
    _ get: (UnsafePointer<avro_value_t>, UnsafeMutablePointer<UnsafeRawPointer?>, UnsafeMutablePointer<Int>) -> Int32,
    _ value: inout avro_value_t
  ) throws(AvroFailure) -> [UInt8] {
    var start: UnsafeRawPointer?
    var size = 0
    guard get(&value, &start, &size) == 0 else { throw Self.failure }
    return Array(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : size))
  }
}
