import Foundation
import Testing

@testable import DevSidecar

/// Reading and writing random records, against the specification worked out a second time in `AvroSample`.
@Suite("Avro values")
struct AvroCodecTests {
  @Test("Random records come out of their bytes as their JSON, and their JSON goes into the same bytes", arguments: 0..<60)
  func random(_ seed: Int) throws {
    var dice = RandomBits(seed: UInt64(seed))
    for _ in 0..<20 {
      let sample = AvroSample(&dice)
      let schema = try AvroSchema(Array(sample.schema.utf8))
      for (namesBranches, text) in [(false, sample.plain), (true, sample.named)] {
        let value = try schema.value(in: sample.bytes[...])
        var printer = AvroPrinter(schema.types, namesBranches: namesBranches, dice)
        printer.print(value, schema.types.whole)
        #expect(AvroMessage.pieces(printer.text) == AvroMessage.pieces(text.utf8), "\(sample.schema)")
        #expect(try schema.bytes(of: value) == sample.bytes, "\(sample.schema)")
        let read = try AvroTextReader.value(Array(text.utf8), schema.types, namesBranches: namesBranches)
        #expect(read == value, "\(sample.schema) \(text)")
      }
    }
  }

  @Test("A cut-off or changed message is refused or comes out as something else, and never harms", arguments: 0..<40)
  func damaged(_ seed: Int) throws {
    var dice = RandomBits(seed: UInt64(seed))
    for _ in 0..<20 {
      let sample = AvroSample(&dice)
      let schema = try AvroSchema(Array(sample.schema.utf8))
      var bytes = sample.bytes
      for _ in 0..<(1 + Int(dice.next() % 3)) where !bytes.isEmpty {
        bytes[Int(dice.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: dice.next())
      }
      guard let value = try? schema.value(in: bytes[...]) else { continue }
      // What is read can be written, and is then the same.
      let written = try schema.bytes(of: value)
      var printers = (0..<2).map { _ in AvroPrinter(schema.types, namesBranches: true, RandomBits(seed: 1)) }
      printers[0].print(value, schema.types.whole)
      printers[1].print(try schema.value(in: written[...]), schema.types.whole)
      #expect(printers[0].text == printers[1].text)
    }
  }

  @Test("Members come in many orders")
  func orders() throws {
    let quiz = try AvroMessage.named("quiz")
    let schema = try AvroSchema(Array(quiz.schema.utf8))
    let value = try schema.value(in: quiz.bytes[5...])
    let texts = Set(
      (UInt64(0)..<50).map { seed in
        var printer = AvroPrinter(schema.types, namesBranches: false, RandomBits(seed: seed))
        printer.print(value, schema.types.whole)
        return printer.text
      })
    #expect(texts.count > 40)
    #expect(Set(texts.map { AvroMessage.pieces($0) }).count == 1)
  }

  @Test(
    "Numbers are printed as Go prints them with %g",
    arguments: [
      (0.0, "0"), (-0.0, "-0"), (1, "1"), (100_000, "100000"), (999_999, "999999"), (1_000_000, "1e+06"), (12_345_678, "1.2345678e+07"),
      (0.0001, "0.0001"), (0.00001, "1e-05"), (1e21, "1e+21"), (1e-7, "1e-07"), (0.1, "0.1"), (-2.5, "-2.5"), (1e100, "1e+100"),
      (.infinity, "1e999"), (-.infinity, "-1e999"), (.nan, "null"),
    ])
  func numbers(_ number: Double, _ expected: String) throws {
    let types = try AvroSchema(Array(#""double""#.utf8)).types
    var printer = AvroPrinter(types, namesBranches: false, RandomBits(seed: 1))
    printer.print(.double(number), types.whole)
    #expect(printer.text == Array(expected.utf8))
    #expect(printer.hasInfinity == number.isInfinite)
  }

  @Test("A float is printed with the digits that a float needs")
  func float() throws {
    let schema = try AvroSchema(Array(#""float""#.utf8))
    // 0.85 in 32 bits is 0x3F59999A.
    var printer = AvroPrinter(schema.types, namesBranches: false, RandomBits(seed: 1))
    printer.print(try schema.value(in: [0x9A, 0x99, 0x59, 0x3F]), schema.types.whole)
    #expect(printer.text == Array("0.85".utf8))
    let read = try AvroTextReader.value(Array("0.85".utf8), schema.types, namesBranches: false)
    #expect(try schema.bytes(of: read) == [0x9A, 0x99, 0x59, 0x3F])
  }

  @Test("A plain union takes the first type by name for numbers and objects, and the first of the schema for all else")
  func plainUnions() throws {
    func branch(_ union: String, _ text: String) throws -> AvroValue {
      try AvroTextReader.value(Array(text.utf8), try AvroSchema(Array(union.utf8)).types, namesBranches: false)
    }
    #expect(try branch(#"["long","int","double"]"#, "1") == .branch(2, .double(1)))
    #expect(try branch(#"["null","long","int"]"#, "1") == .branch(2, .integer(1)))
    #expect(try branch(#"["null","long","int"]"#, "3000000000") == .branch(1, .integer(3_000_000_000)))
    #expect(try branch(#"["string","bytes"]"#, #""a""#) == .branch(0, .bytes([0x61])))
    #expect(try branch(#"["bytes","string"]"#, #""\u00e9""#) == .branch(0, .bytes([0xE9])))
    #expect(try branch(#"["null","double"]"#, "null") == .branch(0, .null))
    let objects = """
      [{"type":"record","name":"Z","fields":[{"name":"x","type":"int"}]},{"type":"record","name":"A","fields":[{"name":"x","type":"int"}]}]
      """
    #expect(try branch(objects, #"{"x":1}"#) == .branch(1, .record([.integer(1)])))
    let lists = #"[{"type":"array","items":"string"},"boolean"]"#
    #expect(try branch(lists, "true") == .branch(1, .boolean(true)))
    #expect(try branch(lists, #"["a"]"#) == .branch(0, .array([.bytes([0x61])])))
  }

  @Test(
    "Texts that fit no type are refused in the words of the recorded sidecar's library",
    arguments: [
      ("boolean", "maybe", "expected false or true"), ("null", "1", "cannot decode textual null: expected: null"),
      ("int", "-", "short buffer"), ("int", "", "short buffer"), ("int", "-x", "unexpected byte: 'x'"),
      ("long", "9223372036854775808", #"strconv.ParseInt: parsing "9223372036854775808": value out of range"#),
      ("double", "1.", "short buffer"), ("double", "1.x", "unexpected byte: 'x'"), ("double", "1e", "short buffer"),
      ("double", "1e400", #"strconv.ParseFloat: parsing "1e400": value out of range"#),
      ("float", "1e39", #"strconv.ParseFloat: parsing "1e39": value out of range"#),
      ("string", "\"", "cannot decode textual string: short buffer"),
      ("string", "[]", #"cannot decode textual string: expected initial "; found: U+005B '['"#),
      ("string", #""ab"#, #"cannot decode textual string: expected final "; found: 62"#),
      ("string", #""\u12"#, "cannot decode textual string: short buffer"),
      ("string", #""\u12x4""#, "cannot decode textual string: encoding/hex: invalid byte: U+0078 'x'"),
      ("string", #""\ud800\n""#, "cannot decode textual string: missing second half of surrogate pair"),
      ("bytes", "5", "cannot decode textual bytes: short buffer"),
      ("bytes", "55", #"cannot decode textual bytes: expected initial "; found: U+0035 '5'"#),
      ("bytes", #""a"#, #"cannot decode textual bytes: expected final "; found: U+0061 'a'"#),
    ])
  func refused(type: String, text: String, why: String) throws {
    let types = try AvroSchema(Array("\"\(type)\"".utf8)).types
    let failure = #expect(throws: AvroFailure.self) { try AvroTextReader.value(Array(text.utf8), types, namesBranches: false) }
    #expect(failure?.description == why)
  }

  @Test(
    "Lists, maps, enums and fixed are refused with where they stand",
    arguments: [
      (#"{"type":"array","items":"int"}"#, "[1 2]", "cannot decode textual array: expected ',' or ']'; received: '2'"),
      (#"{"type":"array","items":"int"}"#, "[1,", "cannot decode textual array: short buffer"),
      (#"{"type":"array","items":"int"}"#, "{}", "cannot decode textual array: expected: '['; actual: '{'"),
      (#"{"type":"array","items":"int"}"#, "[true]", "cannot decode textual array: unexpected byte: 't'"),
      (#"{"type":"map","values":"int"}"#, #"{"a":true}"#, #"unexpected byte: 't' for key: "a""#),
      (#"{"type":"map","values":"int"}"#, #"{"a":1,"a":2}"#, #"cannot decode textual map: duplicate key: "a""#),
      (
        #"{"type":"map","values":"int"}"#, "{a}",
        #"cannot decode textual map: expected key: cannot decode textual string: expected initial "; found: U+0061 'a'"#
      ),
      (#"{"type":"map","values":"int"}"#, #"{"a" 1}"#, "expected: ':'; actual: '1'"),
      (
        #"{"type":"enum","name":"E","symbols":["a","b"]}"#, #""c""#,
        #"cannot decode textual enum "E": value ought to be member of symbols: [a b]; "c""#
      ),
      (
        #"{"type":"enum","name":"E","symbols":["a","b"]}"#, "12",
        #"cannot decode textual enum: expected key: cannot decode textual string: expected initial "; found: U+0031 '1'"#
      ),
      (
        #"{"type":"fixed","name":"F","size":2}"#, #""a""#,
        #"cannot decode textual fixed "F": datum size ought to equal schema size: 1 != 2"#
      ),
    ])
  func refusedWithin(schema: String, text: String, why: String) throws {
    let types = try AvroSchema(Array(schema.utf8)).types
    let failure = #expect(throws: AvroFailure.self) { try AvroTextReader.value(Array(text.utf8), types, namesBranches: false) }
    #expect(failure?.description == why)
  }
}
