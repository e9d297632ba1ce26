import Testing

@testable import DevSidecar

/// Which schemas are taken, and what is taken from them.
@Suite("Avro schemas")
struct AvroSchemaTests {
  private static func types(_ text: String) throws -> AvroTypes { try AvroSchemaReader.types(of: Array(text.utf8)) }

  @Test(
    "A schema that could have no values, or describes them twice, is refused by what it must be",
    arguments: [
      ("{", "the schema must be JSON: "), ("7", "a type must be a name, an object or a list"), (#""text""#, #"unknown type name: "text""#),
      ("{}", #"a type must have the member "type""#), (#"{"type":"array"}"#, #"a type must have the member "items""#),
      (#"{"type":"map","values":"nothing"}"#, #"unknown type name: "nothing""#),
      ("[]", "a union must have different types and no other union, got []"),
      (#"["int","int"]"#, "a union must have different types and no other union, got [int int]"),
      (#"["null",["int"]]"#, "a union must have different types and no other union, got [null union]"),
      (#"{"type":"record","name":"R"}"#, #"the record "R" must have a list of fields"#),
      (
        #"{"type":"record","name":"1R","fields":[]}"#, #"a name must be letters, digits and underscores, and begin with no digit, got "1R""#
      ),
      (#"{"type":"record","fields":[]}"#, #"a name must be letters, digits and underscores, and begin with no digit, got """#),
      (
        #"{"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"a","type":"int"}]}"#,
        #"a field's name must be its own, got "a" twice"#
      ),
      (
        #"{"type":"record","name":"R","fields":[{"name":"a","type":{"type":"fixed","name":"R","size":1}}]}"#,
        #"a type's name must be its own, got "R" twice"#
      ),
      (#"{"type":"enum","name":"E","symbols":[]}"#, #"the enum "E" must have different names as symbols, got []"#),
      (#"{"type":"enum","name":"E","symbols":["a","a"]}"#, #"the enum "E" must have different names as symbols, got [a a]"#),
      (#"{"type":"fixed","name":"F","size":0}"#, #"the fixed "F" must have a size of 1 to 1000000, got 0"#),
      (#"{"type":"fixed","name":"F","size":-4}"#, #"the fixed "F" must have a size of 1 to 1000000, got -4"#),
      (
        #"{"type":"record","name":"R","fields":[{"name":"again","type":"R"}]}"#, #"the record "R" must not hold itself without end"#
      ),
      (
        #"{"type":"array","items":{"type":"record","name":"R","fields":[{"name":"n","type":"null"}]}}"#,
        #"the elements of an array must take at least a byte each, as those of "R" do not"#
      ),
      (#"{"type":"array","items":"null"}"#, #"the elements of an array must take at least a byte each, as those of "null" do not"#),
    ])
  func refused(schema: String, why: String) {
    let failure = #expect(throws: AvroFailure.self) { try AvroSchema(Array(schema.utf8)) }
    #expect(failure?.description.hasPrefix(why) == true, "\(failure?.description ?? "")")
  }

  @Test(
    "A default must be a value of its field's type, and a union's one of its first type",
    arguments: [
      (#""boolean","default":1"#, "boolean"), (#""int","default":2147483648"#, "int"), (#""int","default":0.5"#, "int"),
      (#""long","default":"1""#, "long"), (#""string","default":null"#, "string"), (#""bytes","default":[1]"#, "bytes"),
      (#"["null","string"],"default":"a""#, "null"), (#"["string","null"],"default":null"#, "string"),
      (#"{"type":"enum","name":"E","symbols":["a"]},"default":"b""#, "E"), (#"{"type":"fixed","name":"F","size":2},"default":"a""#, "F"),
      (#"{"type":"array","items":"int"},"default":["a"]"#, "int"), (#"{"type":"map","values":"int"},"default":{"a":true}"#, "int"),
      (#"{"type":"record","name":"I","fields":[{"name":"x","type":"int"}]},"default":{}"#, "I"),
    ])
  func wrongDefault(field: String, type: String) {
    let schema = #"{"type":"record","name":"R","fields":[{"name":"f","type":\#(field)}]}"#
    let failure = #expect(throws: AvroFailure.self) { try Self.types(schema) }
    #expect(failure?.description.hasSuffix("must be a \(type)") == true, "\(failure?.description ?? "")")
  }

  @Test("Names are completed by their namespaces, and a union calls logical types by both names")
  func names() throws {
    let types = try Self.types(
      """
      {"type":"record","name":"Event","namespace":"org.example","fields":[
        {"name":"level","type":{"type":"enum","name":"Level","symbols":["low"]}},
        {"name":"other","type":{"type":"fixed","name":"Other","namespace":"net.other","size":2}},
        {"name":"whole","type":{"type":"record","name":"com.whole.Name","fields":[{"name":"near","type":["null",
          {"type":"enum","name":"Near","symbols":["x"]}]}]}},
        {"name":"again","type":["null","Level","net.other.Other","org.example.Event",{"type":"long","logicalType":"timestamp-millis"},
          {"type":"int","logicalType":"date"},{"type":"string","logicalType":"uuid"},
          {"type":"bytes","logicalType":"decimal","precision":4,"scale":2}]},
        {"name":"direct","type":"long","logicalType":"timestamp-micros"}]}
      """)
    guard case .record(let fields) = types[types.whole].kind, case .union(let branches) = types[fields[3].type].kind,
      case .record(let inner) = types[fields[2].type].kind, case .union(let near) = types[inner[0].type].kind
    else {
      Issue.record("no such types")
      return
    }
    #expect(types[types.whole].name == "org.example.Event")
    #expect(
      branches.map { types[$0].name } == [
        "null", "org.example.Level", "net.other.Other", "org.example.Event", "long.timestamp-millis", "int.date", "string", "bytes.decimal",
      ])
    #expect(near.map { types[$0].name } == ["null", "com.whole.Near"])
    #expect(types[fields[4].type].name == "long.timestamp-micros")
  }

  @Test("Values that nest in themselves are read and written to a depth, and refused beyond, whatever the stack")
  func nesting() throws {
    let schema = try AvroSchema(Array(#"{"type":"record","name":"L","fields":[{"name":"next","type":["null","L"]}]}"#.utf8))
    // A list of that many links: each is the number of the second branch, zigzag, and the end that of the first.
    func bytes(_ links: Int) -> [UInt8] { Array(repeating: 2, count: links) + [0] }
    func text(_ links: Int) -> [UInt8] {
      Array((String(repeating: #"{"next":"#, count: links) + #"{"next":null}"# + String(repeating: "}", count: links)).utf8)
    }
    // A link is two levels, its record and its union, and the end has a null besides.
    let deepest = AvroTypes.deepest / 2 - 2
    let value = try schema.value(in: bytes(deepest)[...])
    #expect(try schema.bytes(of: value) == bytes(deepest))
    var printer = AvroPrinter(schema.types, namesBranches: false, RandomBits(seed: 1))
    printer.print(value, schema.types.whole)
    #expect(printer.text == text(deepest))
    #expect(try AvroTextReader.value(text(deepest), schema.types, namesBranches: false) == value)
    let why = "a value must not nest deeper than 200"
    for links in [deepest + 1, 1_000_000] {
      let failure = #expect(throws: AvroFailure.self) { try schema.value(in: bytes(links)[...]) }
      #expect(failure?.description == why)
    }
    #expect(throws: AvroFailure.self) { try AvroTextReader.value(text(deepest + 2), schema.types, namesBranches: false) }
  }

  @Test("What is cut off anywhere, or names a branch or symbol that is not there, is refused")
  func broken() throws {
    let full = try AvroMessage.named("full")
    let schema = try AvroSchema(Array(full.schema.utf8))
    for length in 5..<full.bytes.count {
      #expect(throws: AvroFailure.self, "\(length)") { try schema.value(in: full.bytes[5..<length]) }
    }
  }

  @Test(
    "A length, a count, a branch, a symbol or a number that is not there is refused by what it must be",
    arguments: [
      (#"["null","int"]"#, [4], "the number of a union's type must be 0 to 1, got 2"),
      (#"["null","int"]"#, [1], "the number of a union's type must be 0 to 1, got -1"), (#"["null","int"]"#, [], "short buffer"),
      (#"{"type":"enum","name":"E","symbols":["a"]}"#, [2], #"the number of a symbol of "E" must be 0 to 0, got 1"#),
      (#""boolean""#, [2], "a boolean must be 0 or 1, got 2"),
      // 2^31 in zigzag.
      (#""int""#, [0x80, 0x80, 0x80, 0x80, 0x10], "an int must be -2147483648 to 2147483647, got 2147483648"),
      (#""long""#, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 2], "a number must have at most 64 bits"),
      (#""long""#, Array(repeating: 0x80, count: 20), "a number must have at most 64 bits"), (#""double""#, [0, 0, 0, 0], "short buffer"),
      // A text of 2^39 letters, one of -1, a list and a map of 2^39 numbers.
      (#""string""#, [0x80, 0x80, 0x80, 0x80, 0x80, 0x20], "short buffer"), (#""bytes""#, [1], "short buffer"),
      (#"{"type":"array","items":"int"}"#, [0x80, 0x80, 0x80, 0x80, 0x80, 0x20], "short buffer"),
      (#"{"type":"map","values":"int"}"#, [0x80, 0x80, 0x80, 0x80, 0x80, 0x20], "short buffer"),
      // A block of -2^63 elements.
      (#"{"type":"array","items":"int"}"#, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 0], "short buffer"),
      (#"{"type":"fixed","name":"F","size":4}"#, [1, 2, 3], "short buffer"),
    ] as [(String, [UInt8], String)])
  func missing(schema: String, bytes: [UInt8], why: String) throws {
    let schema = try AvroSchema(Array(schema.utf8))
    let failure = #expect(throws: AvroFailure.self) { try schema.value(in: bytes[...]) }
    #expect(failure?.description == why)
  }

  @Test("The least and the greatest number are read, and blocks that tell their length")
  func edges() throws {
    let long = try AvroSchema(Array(#""long""#.utf8))
    // Zigzag makes the least number the greatest of 64 bits: nine times seven ones, and one.
    let ones: [UInt8] = Array(repeating: 0xFF, count: 9)
    #expect(try long.value(in: (ones + [1])[...]) == .integer(.min))
    #expect(try long.value(in: ([0xFE] + ones.dropFirst() + [1])[...]) == .integer(.max))
    let list = try AvroSchema(Array(#"{"type":"array","items":"int"}"#.utf8))
    // Minus two elements in two bytes, one more, and the end.
    #expect(try list.value(in: [3, 4, 2, 4, 2, 6, 0]) == .array([.integer(1), .integer(2), .integer(3)]))
  }

  @Test("Text keeps its zero bytes, and of two equal keys of a map none is silently dropped")
  func whole() throws {
    let text = try AvroSchema(Array(#""string""#.utf8))
    #expect(try text.value(in: [6, 0x61, 0, 0x62]) == .bytes([0x61, 0, 0x62]))
    #expect(try text.bytes(of: .bytes([0x61, 0, 0x62])) == [6, 0x61, 0, 0x62])
    let map = try AvroSchema(Array(#"{"type":"map","values":"int"}"#.utf8))
    #expect(
      try map.value(in: [4, 4, 0x61, 0, 2, 2, 0x61, 4, 0])
        == .map([.init(key: [0x61, 0], value: .integer(1)), .init(key: [0x61], value: .integer(2))]))
    let failure = #expect(throws: AvroFailure.self) { try map.value(in: [4, 2, 0x61, 2, 2, 0x61, 4, 0]) }
    #expect(failure?.description == #"cannot decode binary map: duplicate key: "a""#)
  }
}
