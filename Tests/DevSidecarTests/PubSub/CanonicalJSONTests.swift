import Foundation
import JSON
import Testing

@testable import DevSidecar

/// Messages rewritten as bulk deliveries and bulk publishing were recorded to do.
@Suite("Canonical JSON")
struct CanonicalJSONTests {
  private func canonical(_ text: String) throws -> String {
    try JSONDocument.parse(Array(text.utf8)) { value in
      var writer = JSONWriter()
      writer.canonical(value)
      return writer.text
    }
  }

  @Test(
    "Canonical JSON writes numbers as doubles, sorts members and keeps the last of duplicate members",
    arguments: [
      (#"{"l":9007199254740993,"f":1.10,"big":12345678901234567890}"#, #"{"big":12345678901234567000,"f":1.1,"l":9007199254740992}"#),
      (#"{"b":[{"z":1,"a":null}],"a":true}"#, #"{"a":true,"b":[{"a":null,"z":1}]}"#), (#"{"a":1,"b":2,"a":3}"#, #"{"a":3,"b":2}"#),
      ("[1.0,1e2,-0.0,0]", "[1,100,-0,0]"), (#"["<a> & b","\u2028\u2029","é"]"#, #"["\u003ca\u003e \u0026 b","\u2028\u2029","é"]"#),
      (#"{"Z":1,"a":2,"é":3}"#, #"{"Z":1,"a":2,"é":3}"#),
    ])
  func values(_ text: String, _ expected: String) throws {
    #expect(try canonical(text) == expected)
  }

  @Test(
    "Canonical JSON writes a number as Go writes it",
    arguments: [
      (1e20, "100000000000000000000"), (1e21, "1e+21"), (1.5e300, "1.5e+300"), (0.000001, "0.000001"), (0.00000125, "0.00000125"),
      (1.25e-7, "1.25e-7"), (-2.5e-10, "-2.5e-10"), (9_007_199_254_740_992, "9007199254740992"), (0.1, "0.1"), (123.456, "123.456"),
      (12_345_678, "12345678"), (2.2250738585072014e-308, "2.2250738585072014e-308"),
    ])
  func numbers(_ number: Double, _ expected: String) {
    #expect(JSONWriter.text(number) == expected)
  }

  @Test("Any number in canonical JSON reads back as itself", arguments: 0..<50)
  func roundTrip(_ seed: Int) {
    var dice = RandomBits(seed: UInt64(seed))
    for _ in 0..<200 {
      let number = Double(bitPattern: dice.next())
      guard number.isFinite else { continue }
      #expect(Double(JSONWriter.text(number)) == number)
    }
  }
}
