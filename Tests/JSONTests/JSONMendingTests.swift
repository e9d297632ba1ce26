import Testing

@testable import JSON

@Suite("JSON that writers emit and the parser does not accept")
struct JSONMendingTests {
  private func tolerant(_ text: String) throws -> String {
    try Array(text.utf8).withUnsafeBufferPointer { bytes in
      try JSONDocument.parseTolerantly(UnsafeRawBufferPointer(bytes)) { (root) throws(Never) in
        var writer = JSONWriter()
        writer.copy(root)
        return writer.text
      }
    }
  }

  private func strict(_ text: String) throws -> String {
    try JSONDocument.parse(Array(text.utf8)) { (root) throws(Never) in
      var writer = JSONWriter()
      writer.copy(root)
      return writer.text
    }
  }

  @Test(
    "Half a surrogate pair is read as U+FFFD, and a byte order mark is skipped",
    arguments: [
      (#"["\ud800"]"#, "[\"\u{FFFD}\"]"), (#"["a\udfffb"]"#, "[\"a\u{FFFD}b\"]"),
      (#"["\ud83d\ude00","\ude00"]"#, "[\"\u{1F600}\",\"\u{FFFD}\"]"),
      (#"["\ude00\ud83d"]"#, "[\"\u{FFFD}\u{FFFD}\"]"), (#"["\ud83d\u0041"]"#, "[\"\u{FFFD}A\"]"), (#"["\uD83Dx"]"#, "[\"\u{FFFD}x\"]"),
      (#"{"\udc00":1}"#, "{\"\u{FFFD}\":1}"), (#"["\\ud800","\ud800"]"#, "[\"\\\\ud800\",\"\u{FFFD}\"]"), ("\u{FEFF}[1]", "[1]"),
    ])
  func halves(_ text: String, _ expected: String) throws {
    #expect(throws: (any Error).self) { try strict(text) }
    #expect(try tolerant(text) == strict(expected))
  }

  @Test(
    "A whole number beyond 64 bits is read as the nearest double, and others as they are",
    arguments: ["18446744073709551616", "-9223372036854775809", "100000000000000000000", "123456789012345678901234567890"])
  func numbers(_ number: String) throws {
    let text = Array(#"{"a":\#(number),"b":18446744073709551615,"c":"\#(number)","d":[-9223372036854775808,\#(number)]}"#.utf8)
    try text.withUnsafeBufferPointer { bytes in
      try JSONDocument.parseTolerantly(UnsafeRawBufferPointer(bytes)) { root in
        #expect(root["a"]?.number == Double(number) && root["a"]?.integer == Double(number).flatMap { Int64(exactly: $0) })
        #expect(root["b"]?.number == 18_446_744_073_709_551_616 && root["c"]?.string == number)
        #expect(root["d"]?.elements.map(\.number) == [-9_223_372_036_854_775_808, Double(number)])
      }
    }
  }

  @Test(
    "Text that is not JSON is refused by the tolerant reader too",
    arguments: [
      "", "{", "[01]", "[1e999]", "[-]", "[1.]", #"["\u12"]"#, #"["\ud8"]"#, #"["\ud800]"#, #"["\ud80g"]"#, #"["\x"]"#, "[NaN]",
      "[18446744073709551616", "[018446744073709551616]", "\u{FEFF}", "\u{FEFF}\u{FEFF}[1]", "[1]\u{FEFF}",
    ])
  func refusing(_ text: String) {
    #expect(throws: (any Error).self) { try tolerant(text) }
  }

  @Test("JSON is read the same by the tolerant reader as by the strict one")
  func unchanged() throws {
    var random = SplitMix(seed: 11)
    let pieces = [#""\ud83d\ude00""#, #""\\u""#, "1", "-0.5e-3", "18446744073709551615", #""a\"b""#, "null", "[]", "{}", #""\u00e9""#]
    for _ in 0..<500 {
      let text =
        "["
        + (0..<Int.random(in: 0..<8, using: &random)).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }
        .joined(separator: ",") + "]"
      #expect(try tolerant(text) == strict(text))
    }
  }
}
