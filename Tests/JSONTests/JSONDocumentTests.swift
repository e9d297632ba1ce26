import JSON
import Testing

@Suite struct JSONDocumentTests {
  private func copy(_ text: String) throws -> String {
    try JSONDocument.parse(Array(text.utf8)) { (root) throws(JSONInvalid) in
      var writer = JSONWriter()
      writer.copy(root)
      return String(decoding: writer.bytes, as: UTF8.self)
    }
  }

  @Test(
    "A copied document has the same values, without spaces",
    arguments: [
      (
        #" { "a" : [ 1 , -2 , 3.5 , true , false , null , "x\n\"\\\u0001é" ] , "b" : { } , "c" : [ ] } "#,
        #"{"a":[1,-2,3.5,true,false,null,"x\n\"\\\u0001é"],"b":{},"c":[]}"#
      ),
      ("18446744073709551615", "18446744073709551615"), ("-9223372036854775808", "-9223372036854775808"),
      ("1e3", "1000"), ("1.0", "1"), ("-0.0", "-0.0"), ("5e-324", "5e-324"), ("0.001", "0.001"), ("-12.34", "-12.34"), ("0.1", "0.1"),
      ("999999.999", "999999.999"), ("0.0005", "0.0005"),
      ("1000000.001", "1000000.001"), ("0.30000000000000004", "0.30000000000000004"), (#""""#, #""""#), ("[[],[[]]]", "[[],[[]]]"),
    ])
  func copies(text: String, expected: String) throws {
    #expect(try copy(text) == expected)
  }

  @Test("A character that needs escaping is found at every position of a text of any length")
  func escapes() {
    let written: (String) -> String = { text in
      var writer = JSONWriter()
      writer.string(text)
      return String(decoding: writer.bytes, as: UTF8.self)
    }
    let special = [
      ("\"", #"\""#), ("\\", #"\\"#), ("\u{1F}", #"\u001f"#), ("\u{0}", #"\u0000"#), ("\n", #"\n"#), ("é", "é"), (" ", " "),
      ("\u{7F}", "\u{7F}"),
    ]
    for length in 0..<40 {
      for position in 0...length {
        for (raw, escaped) in special {
          let before = String(repeating: "x", count: position)
          let after = String(repeating: "!", count: length - position)
          #expect(written(before + raw + after) == "\"\(before)\(escaped)\(after)\"")
          #expect(written(before + raw + raw + after) == "\"\(before)\(escaped)\(escaped)\(after)\"")
        }
      }
    }
  }

  @Test("JSON parsing refuses text that is not JSON", arguments: ["", "{nope", "[1,]", "{\"a\":1e999}", "\"\u{1}\"", "01", "[1] 2", "nul"])
  func refuses(text: String) {
    #expect(throws: JSONFailure<JSONInvalid>.self) { try copy(text) }
  }

  @Test("JSON parsing refuses ten thousand brackets")
  func refusesDepth() {
    #expect(throws: JSONFailure<JSONInvalid>.self) { try copy(String(repeating: "[", count: 10_000)) }
  }

  @Test("JSON parsing refuses bytes that are not UTF-8")
  func refusesInvalidUTF8() {
    #expect(throws: JSONFailure<JSONInvalid>.self) {
      try JSONDocument.parse([0x22, 0xC3, 0x28, 0x22]) { (_) throws(JSONInvalid) in }
    }
  }

  @Test("JSON members are found by name, the first of two alike, and only in objects")
  func members() throws {
    try JSONDocument.parse(Array(#"{"a":1,"é":"x","a":2,"n":null,"z":[1]}"#.utf8)) { (root) throws(JSONInvalid) in
      #expect(root["a"]?.integer == 1)
      #expect(root["é"]?.string == "x")
      #expect(root["n"]?.isNull == true)
      #expect(root["b"] == nil)
      #expect(root["z"]?["a"] == nil)
      #expect(root.members.map(\.key.string) == ["a", "é", "a", "n", "z"])
      #expect(root["z"]?.elements.map(\.integer) == [1])
      #expect(root["a"]?.string == nil && root["é"]?.number == nil && root["a"]?.boolean == nil)
    }
  }

  @Test("A JSON integer is a number without a fraction that fits 64 bits")
  func integers() throws {
    try JSONDocument.parse(Array("[1, 1.0, 1e3, 1.5, 9223372036854775808, 1e30]".utf8)) { (root) throws(JSONInvalid) in
      #expect(root.elements.map(\.integer) == [1, 1, 1000, nil, nil, nil])
      #expect(root.elements.map(\.number) == [1, 1, 1000, 1.5, 9_223_372_036_854_775_808, 1e30])
    }
  }

  @Test("An error that a document's reader throws comes back unchanged")
  func readingFails() {
    let invalid = JSONInvalid(field: "a", value: "1", constraint: "must be text")
    #expect(throws: JSONFailure.reading(invalid)) {
      try JSONDocument.parse(Array("1".utf8)) { (_) throws(JSONInvalid) in throw invalid }
    }
    #expect(invalid.description == "a must be text, got 1")
  }

  @Test("Values are found in a text that is not JSON as a whole")
  func extents() {
    let text = Array(#"{"x":"}\"]","entries":[{"n":1e999},{"n":[[[},"]"],"y":{"#.utf8) + [0xFF, 0x7D, 0x7D]
    text.withUnsafeBytes { bytes in
      let all = 0..<bytes.count
      let x = JSONExtent.member("x", in: bytes, all)
      #expect(x.map { String(decoding: bytes[$0], as: UTF8.self) } == #""}\"]""#)
      #expect(JSONExtent.member("nope", in: bytes, all) == nil)
    }
    let good = Array(#"{"entries":[{"n":1e999},"a]b",{"n":2}],"type":"t"}"#.utf8)
    good.withUnsafeBytes { bytes in
      let entries = JSONExtent.member("entries", in: bytes, 0..<bytes.count)
      let found = entries.map { JSONExtent.elements(in: bytes, $0) } ?? []
      #expect(found.map { String(decoding: bytes[$0], as: UTF8.self) } == [#"{"n":1e999}"#, #""a]b""#, #"{"n":2}"#])
    }
  }

  @Test("The scan for extents ends and stays inside its bytes, whatever they are")
  func extentsOfGarbage() {
    var random = SplitMix(seed: 7)
    let letters = Array("{}[]\",:\\ a1".utf8)
    for _ in 0..<2_000 {
      let text = (0..<Int.random(in: 0..<60, using: &random)).map { _ in letters.randomElement(using: &random) ?? 0 }
      text.withUnsafeBytes { bytes in
        let all = 0..<bytes.count
        for range in JSONExtent.elements(in: bytes, all) { #expect(all.contains(range.lowerBound) && range.upperBound <= all.upperBound) }
        _ = JSONExtent.member("a", in: bytes, all)
      }
    }
  }
}
