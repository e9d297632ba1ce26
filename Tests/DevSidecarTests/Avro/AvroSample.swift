@testable import DevSidecar

/// A random schema with a value: its JSON text both ways, and its bytes as the specification has them.
///
/// Nothing of it goes through the code that reads and writes Avro.
struct AvroSample {
  var schema = ""
  /// Unions as their values.
  var plain = ""
  /// Unions as objects with the name of the type.
  var named = ""
  var bytes: [UInt8] = []

  private init() {}

  /// A record of up to six fields, all of them present.
  init(_ dice: inout RandomBits) {
    var count = 0
    self = Self.record(&dice, depth: 0, &count)
  }

  /// The base-128 digits of an integer, in zigzag order, the lowest first.
  private static func zigzag(_ value: Int64) -> [UInt8] {
    var rest = UInt64(bitPattern: (value << 1) ^ (value >> 63))
    var bytes: [UInt8] = []
    while rest > 0x7F {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  private static func record(_ dice: inout RandomBits, depth: Int, _ count: inout Int) -> AvroSample {
    count += 1
    var sample = AvroSample()
    var (schemas, plain, named): ([String], [String], [String]) = ([], [], [])
    let name = "R\(count)"
    for index in 0..<(1 + Int(dice.next() % 6)) {
      let field = Self.any(&dice, depth: depth + 1, &count)
      schemas.append(#"{"name":"f\#(index)","type":\#(field.schema)}"#)
      plain.append(#""f\#(index)":\#(field.plain)"#)
      named.append(#""f\#(index)":\#(field.named)"#)
      sample.bytes += field.bytes
    }
    sample.schema = #"{"type":"record","name":"\#(name)","namespace":"org.example","fields":[\#(schemas.joined(separator: ","))]}"#
    sample.plain = "{\(plain.joined(separator: ","))}"
    sample.named = "{\(named.joined(separator: ","))}"
    return sample
  }

  private static func any(_ dice: inout RandomBits, depth: Int, _ count: inout Int) -> AvroSample {
    switch dice.next() % (depth > 3 ? 8 : 12) {
    case 8: return record(&dice, depth: depth, &count)
    case 9: return list(&dice, depth: depth, &count, isMap: false)
    case 10: return list(&dice, depth: depth, &count, isMap: true)
    case 11: return union(&dice, depth: depth, &count)
    case let other: return simple(Int(other), &dice, &count)
    }
  }

  private static func simple(_ kind: Int, _ dice: inout RandomBits, _ count: inout Int) -> AvroSample {
    func made(_ schema: String, _ text: String, _ bytes: [UInt8]) -> AvroSample {
      var sample = AvroSample()
      (sample.schema, sample.plain, sample.named, sample.bytes) = (schema, text, text, bytes)
      return sample
    }
    switch kind {
    case 0: return made(#""boolean""#, "true", [1])
    case 1:
      let value = Int32(truncatingIfNeeded: dice.next())
      return made(#""int""#, String(value), zigzag(Int64(value)))
    case 2:
      let value = Int64(bitPattern: dice.next()) >> (dice.next() % 64)
      return made(#""long""#, String(value), zigzag(value))
    case 3:
      // A multiple of 1/8 below 10^6, which prints without an exponent.
      let eighths = Int64(dice.next() % 7_000_000)
      let value = Double(eighths) / 8
      let text = eighths % 8 == 0 ? String(eighths / 8) : String(value)
      let bits = value.bitPattern
      // Below 0.0001 there is only zero.
      return made(#""double""#, text, (0..<8).map { UInt8(truncatingIfNeeded: bits >> (8 * UInt64($0))) })
    case 4:
      let letters = (0..<(dice.next() % 8)).map { _ in UInt8(0x61 + dice.next() % 26) }
      return made(#""string""#, "\"\(String(decoding: letters, as: UTF8.self))\"", zigzag(Int64(letters.count)) + letters)
    case 5:
      let bytes = (0..<(dice.next() % 8)).map { _ in UInt8(truncatingIfNeeded: 0x80 + dice.next() % 0x80) }
      return made(
        #""bytes""#, "\"\(bytes.map { #"\u00"# + String($0, radix: 16).uppercased() }.joined())\"", zigzag(Int64(bytes.count)) + bytes)
    case 6:
      count += 1
      let symbol = Int64(dice.next() % 3)
      return made(#"{"type":"enum","name":"E\#(count)","symbols":["s0","s1","s2"]}"#, "\"s\(symbol)\"", zigzag(symbol))
    default:
      count += 1
      let bytes = (0..<3).map { _ in UInt8(truncatingIfNeeded: 0xA0 + dice.next() % 0x10) }
      let text = bytes.map { #"\u00"# + String($0, radix: 16).uppercased() }.joined()
      return made(#"{"type":"fixed","name":"F\#(count)","size":3}"#, "\"\(text)\"", bytes)
    }
  }

  private static func list(_ dice: inout RandomBits, depth: Int, _ count: inout Int, isMap: Bool) -> AvroSample {
    // All elements have the schema of the first, so they are the first, again and again.
    let element = any(&dice, depth: depth + 1, &count)
    let length = Int(dice.next() % 4)
    var sample = AvroSample()
    sample.schema = isMap ? #"{"type":"map","values":\#(element.schema)}"# : #"{"type":"array","items":\#(element.schema)}"#
    sample.bytes = length > 0 ? zigzag(Int64(length)) : []
    var (plain, named): ([String], [String]) = ([], [])
    for index in 0..<length {
      let key = isMap ? "\"k\(index)\":" : ""
      if isMap { sample.bytes += [4, 0x6B, 0x30 + UInt8(index)] }
      sample.bytes += element.bytes
      plain.append(key + element.plain)
      named.append(key + element.named)
    }
    sample.bytes.append(0)
    let brackets = isMap ? ("{", "}") : ("[", "]")
    sample.plain = brackets.0 + plain.joined(separator: ",") + brackets.1
    sample.named = brackets.0 + named.joined(separator: ",") + brackets.1
    return sample
  }

  private static func union(_ dice: inout RandomBits, depth: Int, _ count: inout Int) -> AvroSample {
    // Types that no JSON text can be taken for each other, so that the plain form is read back as what it was.
    let inner = record(&dice, depth: depth, &count)
    let name = inner.schema.split(separator: "\"")[7]
    let long = Int64(dice.next() % 100_000)
    var sample = AvroSample()
    sample.schema = #"["null",{"type":"long","logicalType":"timestamp-millis"},"string",\#(inner.schema)]"#
    switch dice.next() % 4 {
    case 0: (sample.plain, sample.named, sample.bytes) = ("null", "null", [0])
    case 1: (sample.plain, sample.named, sample.bytes) = (String(long), #"{"long.timestamp-millis":\#(long)}"#, [2] + zigzag(long))
    case 2: (sample.plain, sample.named, sample.bytes) = (#""x""#, #"{"string":"x"}"#, [4, 2, 0x78])
    default:
      (sample.plain, sample.named) = (inner.plain, #"{"org.example.\#(name)":\#(inner.named)}"#)
      sample.bytes = [6] + inner.bytes
    }
    return sample
  }
}
