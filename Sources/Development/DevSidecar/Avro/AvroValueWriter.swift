internal import CAvro

/// Hands values over to libavro.
struct AvroValueWriter {
  let types: AvroTypes

  /// Sets libavro's value of a type, by its number.
  ///
  /// - Throws: `AvroFailure` if the value is of another type, or there is no memory for it.
  func set(_ target: inout avro_value_t, to value: AvroValue, _ number: Int) throws(AvroFailure) {
    switch (types[number].kind, value) {
    case (.null, .null): try done(shim_avro_set_null(&target))
    case (.boolean, .boolean(let value)): try done(shim_avro_set_boolean(&target, value ? 1 : 0))
    case (.int, .integer(let value)): try done(shim_avro_set_int(&target, Int32(truncatingIfNeeded: value)))
    case (.long, .integer(let value)): try done(shim_avro_set_long(&target, value))
    case (.float, .float(let value)): try done(shim_avro_set_float(&target, value))
    case (.double, .double(let value)): try done(shim_avro_set_double(&target, value))
    case (.bytes, .bytes(let bytes)), (.string, .bytes(let bytes)):
      try done(bytes.withUnsafeBytes { shim_avro_set_bytes(&target, $0.baseAddress, $0.count) })
    case (.fixed, .bytes(let bytes)): try done(bytes.withUnsafeBytes { shim_avro_set_fixed(&target, $0.baseAddress, $0.count) })
    case (.enumeration, .symbol(let symbol)): try done(shim_avro_set_enum(&target, Int32(truncatingIfNeeded: symbol)))
    case (.array(let items), .array(let elements)):
      for element in elements {
        var child = try appended(&target)
        try set(&child, to: element, items)
      }
    case (.map(let values), .map(let entries)): try set(&target, to: entries, values)
    case (.record(let fields), .record(let values)):
      for (index, value) in values.enumerated() {
        var child = try part(index, of: &target)
        try set(&child, to: value, fields[index].type)
      }
    case (.union(let branches), .branch(let branch, let inner)):
      var child = avro_value_t()
      try done(shim_avro_set_branch(&target, Int32(truncatingIfNeeded: branch), &child))
      try set(&child, to: inner, branches[branch])
    default: throw AvroFailure("a value must be a \(types[number].name)")
    }
  }

  private func set(_ target: inout avro_value_t, to entries: [AvroValue.Entry], _ values: Int) throws(AvroFailure) {
    for entry in entries {
      var pair = try appended(&target)
      var key = try part(0, of: &pair)
      try done(entry.key.withUnsafeBytes { shim_avro_set_bytes(&key, $0.baseAddress, $0.count) })
      var value = try part(1, of: &pair)
      try set(&value, to: entry.value, values)
    }
  }

  private func appended(_ target: inout avro_value_t) throws(AvroFailure) -> avro_value_t {
    var child = avro_value_t()
    try done(shim_avro_append(&target, &child))
    return child
  }

  private func part(_ index: Int, of target: inout avro_value_t) throws(AvroFailure) -> avro_value_t {
    var child = avro_value_t()
    try done(shim_avro_get_child(&target, index, &child))
    return child
  }

  private func done(_ status: Int32) throws(AvroFailure) {
    guard status == 0 else { throw AvroFailure("libavro takes no such value: error \(status)") }
  }
}
