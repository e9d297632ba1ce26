import JSON
import Testing

@testable import DevSidecar

/// The forms of values according to Go's documentation and source, and the recordings.
@Suite("Printed values")
struct ValuePrinterTests {
  private static func printed(_ text: String, _ style: ValuePrinter.Style) throws -> String {
    try JSONDocument.parse(Array(text.utf8)) { String(decoding: ValuePrinter(style: style).text(of: $0), as: UTF8.self) }
  }

  @Test(
    "Printed numbers have the form of the library that writes them",
    arguments: [
      // As sent, as encoding/json, as json-iterator with six decimals, as %v.
      ("0.3333333333333333", "0.3333333333333333", "0.333333", "0.3333333333333333"),
      ("0.1", "0.1", "0.1", "0.1"), ("1.0", "1", "1", "1"), ("1e2", "100", "100", "100"), ("0", "0", "0", "0"),
      ("-0.0000005", "-5e-7", "-0.000001", "-5e-07"), ("0.0000004", "4e-7", "0", "4e-07"), ("0.00001", "0.00001", "0.00001", "1e-05"),
      ("0.0001", "0.0001", "0.0001", "0.0001"), ("0.000001", "0.000001", "0.000001", "1e-06"),
      ("999999", "999999", "999999", "999999"), ("1000000", "1000000", "1000000", "1e+06"),
      ("12345678901", "12345678901", "12345678901", "1.2345678901e+10"), ("2.9999996", "2.9999996", "3", "2.9999996"),
      ("12345678901234567890", "12345678901234567000", "12345678901234567000", "1.2345678901234567e+19"),
      ("9007199254740993", "9007199254740992", "9007199254740992", "9.007199254740992e+15"), ("1e21", "1e+21", "1e+21", "1e+21"),
      ("100.25", "100.25", "100.25", "100.25"), ("83886078.123456789", "83886078.12345679", "83886078.123457", "8.388607812345679e+07"),
      ("83886080.123456789", "83886080.12345679", "83886080.12345679", "8.388608012345679e+07"),
    ])
  func numbers(_ sent: String, _ json: String, _ sixDecimals: String, _ formatted: String) throws {
    #expect(try Self.printed(sent, .json) == json)
    #expect(try Self.printed(sent, .sixDecimals) == sixDecimals)
    #expect(try Self.printed(sent, .formatted) == formatted)
  }

  @Test("Printed members are sorted, except on Redis, and the last of a name counts")
  func members() throws {
    let sent = #"{"b": 1, "a": {"d": [1, null, "x"], "c": true}, "b": 2, "B": "<"}"#
    #expect(try Self.printed(sent, .json) == #"{"B":"\u003c","a":{"c":true,"d":[1,null,"x"]},"b":2}"#)
    #expect(try Self.printed(sent, .sixDecimals) == #"{"a":{"d":[1,null,"x"],"c":true},"b":2,"B":"<"}"#)
    #expect(try Self.printed(sent, .formatted) == "map[B:< a:map[c:true d:[1 <nil> x]] b:2]")
  }

  @Test("Printed strings keep their characters, escaped as the library does")
  func strings() throws {
    let sent = #""a\"\\\/\b\f\n\r\t\u0001\u007f<>&é😀"# + "\u{2028}\u{2029}\u{2030}\""
    #expect(
      try Self.printed(sent, .json) == #""a\"\\/\b\f\n\r\t\u0001"# + "\u{7f}" + #"\u003c\u003e\u0026é😀\u2028\u2029"# + "\u{2030}\""
    )
    #expect(
      try Self.printed(sent, .sixDecimals)
        == #""a\"\\/\u0008\u000c\n\r\t\u0001"# + "\u{7f}" + "<>&é😀\u{2028}\u{2029}\u{2030}\"")
    #expect(try Self.printed(sent, .formatted) == "a\"\\/\u{8}\u{c}\n\r\t\u{1}\u{7f}<>&é😀\u{2028}\u{2029}\u{2030}")
  }

  @Test("Any double printed as JSON reads back as the same double", arguments: 0..<20)
  func readsBack(_ seed: Int) throws {
    var dice = RandomBits(seed: UInt64(seed))
    for _ in 0..<500 {
      let value = Double(bitPattern: dice.next())
      guard value.isFinite else { continue }
      for text in [ShortestDecimal(value).json, ShortestDecimal(value).formatted] {
        #expect(Double(String(decoding: text, as: UTF8.self)) == value)
      }
    }
  }
}
