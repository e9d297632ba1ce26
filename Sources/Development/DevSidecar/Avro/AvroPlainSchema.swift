internal import JSON

/// The schema that libavro gets: names of its own making, text as bytes, maps as lists of pairs.
enum AvroPlainSchema {
  /// The schema's JSON text.
  static func text(of types: AvroTypes) -> [UInt8] {
    var written: Set<Int> = []
    var writer = JSONWriter(capacity: 1024)
    write(types.whole, of: types, &written, &writer)
    return writer.bytes
  }

  private static func write(_ number: Int, of types: AvroTypes, _ written: inout Set<Int>, _ writer: inout JSONWriter) {
    let name = "T\(number)"
    guard written.insert(number).inserted || !types[number].hasName else { return writer.string(name) }
    switch types[number].kind {
    case .null: writer.string("null" as StaticString)
    case .boolean: writer.string("boolean" as StaticString)
    case .int: writer.string("int" as StaticString)
    case .long: writer.string("long" as StaticString)
    case .float: writer.string("float" as StaticString)
    case .double: writer.string("double" as StaticString)
    case .bytes, .string: writer.string("bytes" as StaticString)
    case .fixed(let size):
      named("fixed", name, &writer) { $0.member("size", Int64(size)) }
    case .enumeration(let symbols):
      named("enum", name, &writer) { writer in
        writer.array("symbols", of: symbols.indices) { $0.string("S\($1)") }
      }
    case .array(let items): list(&writer) { write(items, of: types, &written, &$0) }
    case .map(let values):
      list(&writer) { writer in
        named("record", "P\(number)", &writer) { writer in
          writer.array("fields") { writer in
            writer.object { writer in
              writer.member("name", "key")
              writer.member("type", "bytes")
            }
            writer.object { writer in
              writer.member("name", "value")
              writer.member("type") { write(values, of: types, &written, &$0) }
            }
          }
        }
      }
    case .record(let fields):
      named("record", name, &writer) { writer in
        writer.array("fields", of: fields.indices) { writer, field in
          writer.object { writer in
            writer.member("name", "F\(field)")
            writer.member("type") { write(fields[field].type, of: types, &written, &$0) }
          }
        }
      }
    case .union(let branches): writer.array(of: branches) { write($1, of: types, &written, &$0) }
    }
  }

  private static func named(
    _ kind: StaticString, _ name: String, _ writer: inout JSONWriter, _ rest: (inout JSONWriter) -> Void
  ) {
    writer.object { writer in
      writer.member("type", kind)
      writer.member("name", name)
      rest(&writer)
    }
  }

  private static func list(_ writer: inout JSONWriter, _ items: (inout JSONWriter) -> Void) {
    writer.object { writer in
      writer.member("type", "array")
      writer.member("items", items)
    }
  }
}

extension AvroType {
  /// Whether libavro knows the type by a name, and takes it once only.
  fileprivate var hasName: Bool {
    switch kind {
    case .fixed, .enumeration, .record: true
    default: false
    }
  }
}
