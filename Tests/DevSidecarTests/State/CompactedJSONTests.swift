import Testing

@testable import DevSidecar

/// Texts as Go's encoder embeds them in an answer.
@Suite("Compacted JSON")
struct CompactedJSONTests {
  private static func compacted(_ text: String) -> String? {
    CompactedJSON.bytes(of: Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) }
  }

  @Test(
    "Compacted JSON loses its white space, has its HTML characters escaped and keeps the rest",
    arguments: [
      (" { \"x\" : 1 ,\n\t\"y\" : [ 1 , 2 ] }\r\n", #"{"x":1,"y":[1,2]}"#), ("[]", "[]"), (" [ ] ", "[]"), ("{ }", "{}"),
      (#"[[],{},[{}]]"#, #"[[],{},[{}]]"#), (#"{"a":1,"a":2}"#, #"{"a":1,"a":2}"#),
      (#"{"a":1.0,"b":1e2,"c":12345678901234567890,"d":-0}"#, #"{"a":1.0,"b":1e2,"c":12345678901234567890,"d":-0}"#),
      ("1e999", "1e999"), ("-1.5E+3", "-1.5E+3"), ("null", "null"), (" true ", "true"), ("false", "false"), (#""\ud800""#, #""\ud800""#),
      (#""a\"b\\c\/d\n\u00e9\u003c""#, #""a\"b\\c\/d\n\u00e9\u003c""#), (#""<a href='x'>&""#, #""\u003ca href='x'\u003e\u0026""#),
      ("\"a\u{2028}b\u{2029}c\u{2027}€\"", "\"a\\u2028b\\u2029c\u{2027}€\""),
    ])
  func taken(_ text: String, _ compacted: String) {
    #expect(Self.compacted(text) == compacted)
  }

  @Test(
    "Text that is not JSON is not compacted",
    arguments: [
      "", " ", "text", "map[x:1]", "[1 a]", "[1,]", "[,1]", "{,}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, "{a:1}", "{1:1}", "[1", "{", "]",
      "1 2", "[]]", "01", "1.", ".5", "-", "+1", "1e", "1e+", "0x1", "nul", "nulls", "<nil>", "NaN", #"""#, #""\x""#, #""\u12g4""#,
      #""\u12""#, "\"\n\"", "\"\u{1}\"", "'a'", "eMp3f5lsBsv1CYMRS05pNZ3V||key-two", "\u{feff}1",
    ])
  func refused(_ text: String) {
    #expect(Self.compacted(text) == nil)
  }

  @Test("Ten thousand brackets are compacted, and one more is refused")
  func depth() {
    for (count, isTaken) in [(10_000, true), (10_001, false)] {
      let text = String(repeating: "[", count: count) + String(repeating: "]", count: count)
      #expect((Self.compacted(text) == text) == isTaken)
    }
  }

  @Test("A random document compacts to the same text with and without white space", arguments: 0..<100)
  func whiteSpace(_ seed: Int) {
    var dice = RandomBits(seed: UInt64(seed) &+ 9)
    let tokens = RandomDocument(&dice).tokens
    let spaced = tokens.map { token in token + [" ", "\n", "\t \r", ""][Int(dice.next() >> 33) % 4] }.joined()
    #expect(Self.compacted(spaced) == tokens.joined())
  }
}
