import Foundation
import JSON
import Testing

@Suite("A JSON text in a string")
struct HeldTextTests {
  /// A writer's bytes for a text.
  private func held(_ text: [UInt8]) -> [UInt8] {
    var writer = JSONWriter()
    writer.string(holding: text)
    return writer.bytes
  }

  /// The content of the string, by Foundation's reader.
  private func inner(_ bytes: [UInt8]) throws -> String {
    try #require(try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed) as? String)
  }

  /// A text as the sidecar returns it from an encrypted store in a bulk get, without white space between its tokens.
  private func asHandedOut(_ text: String) -> String {
    text.unicodeScalars.map { letter in
      switch letter {
      case "<", ">", "&", "\u{2028}", "\u{2029}":
        "\\u" + String(repeating: "0", count: letter.value < 256 ? 2 : 0) + String(letter.value, radix: 16)
      default: String(letter)
      }
    }.joined()
  }

  @Test(
    "A text in a string is held byte for byte as an encrypted store was recorded to hand it out",
    arguments: [
      (#"{"s":"<a href='x'>&amp;</a>"}"#, #"{"s":"\u003ca href='x'\u003e\u0026amp;\u003c/a\u003e"}"#),
      ("{\"s\":\"a\u{2028}b\u{2029}c\"}", #"{"s":"a\u2028b\u2029c"}"#),
      (#"{"s":"a\"b\\c\/d\n\u00e9\u003c"}"#, #"{"s":"a\"b\\c\/d\n\u00e9\u003c"}"#),
      (#"{"s":"Grüße 😀 日本"}"#, #"{"s":"Grüße 😀 日本"}"#),
      (#"{"a":1.0,"b":1e2,"c":12345678901234567890,"d":-0}"#, #"{"a":1.0,"b":1e2,"c":12345678901234567890,"d":-0}"#),
      (#"{"s":"\u0000\u001f\u007f"}"#, #"{"s":"\u0000\u001f\u007f"}"#), ("[]", "[]"),
    ])
  func recorded(text: String, handedOut: String) throws {
    #expect(try inner(held(Array(text.utf8))) == handedOut)
  }

  @Test("Every character at every position of a text of any length is held as it is handed out")
  func positions() throws {
    let letters = [
      "\"", "\\", "<", ">", "&", "\u{2028}", "\u{2029}", "\u{2027}", "\u{202A}", "€", "é", "😀", "\u{7F}", "\n", "\u{1F}", "/", "x",
    ]
    for length in 0..<20 {
      for position in 0...length {
        for letter in letters {
          let text = String(repeating: "y", count: position) + letter + letter + String(repeating: "!", count: length - position)
          let bytes = held(Array(text.utf8))
          #expect(try inner(bytes) == asHandedOut(text))
          #expect(bytes.count <= JSONWriter.size(holding: Array(text.utf8)))
        }
      }
    }
  }

  @Test("A text cut within a character ends where it is cut", arguments: [[0xE2], [0xE2, 0x80], [0x61, 0xE2, 0x80]])
  func cut(bytes: [UInt8]) {
    #expect(held(bytes) == [0x22] + bytes + [0x22])
  }

  @Test(
    "A random document in a string keeps its value, matches byte for byte what is handed out, and stays within its bound",
    arguments: 0..<400)
  func property(seed: UInt64) throws {
    var random = RandomDocument(seed: seed)
    let text = random.text()
    let value = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSObject
    let bytes = held(Array(text.utf8))
    let inner = try inner(bytes)
    #expect(inner == asHandedOut(text))
    #expect(try JSONSerialization.jsonObject(with: Data(inner.utf8)) as? NSObject == value)
    #expect(bytes.count <= JSONWriter.size(holding: Array(text.utf8)))
    // Held once more it stays the same.
    #expect(try self.inner(held(Array(inner.utf8))) == inner)
    var written = ""
    try JSONDocument.parse(bytes) { (root) throws(Never) in written = root.string ?? "no string" }
    #expect(written == inner)
  }

  @Test("The bound of a text is exact if none of its characters only may need more room")
  func bound() {
    for text in [#"{"a":"b\\c","d":[1,2]}"#, "{}", #"{"s":"<>&"}"#, #"{"é":"ü"}"#] {
      #expect(held(Array(text.utf8)).count == JSONWriter.size(holding: Array(text.utf8)))
    }
  }
}

/// Documents without white space between their tokens, from a seed.
private struct RandomDocument {
  private var generator: SplitMix
  private static let letters = [
    "a", "Z", "0", " ", "'", "/", "<", ">", "&", "\u{2028}", "\u{2029}", "\u{2027}", "é", "ß", "日", "😀", "\u{7F}", "\u{80}", #"\""#, #"\\"#,
    #"\/"#, #"\n"#, #"\t"#, #"\u0000"#, #"\u001f"#, #"\u003c"#, #"\u2028"#, #"\ud83d\ude00"#,
  ]

  init(seed: UInt64) { generator = SplitMix(seed: seed) }

  /// An object or array.
  mutating func text() -> String { Bool.random(using: &generator) ? object(depth: 0) : array(depth: 0) }

  private mutating func count(_ most: Int) -> Int { Int.random(in: 0...most, using: &generator) }

  private mutating func value(depth: Int) -> String {
    switch Int.random(in: 0..<(depth < 4 ? 8 : 6), using: &generator) {
    case 0, 1: string()
    case 2: String(Int.random(in: -1_000_000...1_000_000, using: &generator))
    case 3: String(Double.random(in: -1...1, using: &generator))
    case 4: ["true", "false", "null"].randomElement(using: &generator) ?? "null"
    case 5: ["0.5", "1.0", "1e2", "-0", "1E-3"].randomElement(using: &generator) ?? "0"
    case 6: object(depth: depth + 1)
    default: array(depth: depth + 1)
    }
  }

  private mutating func string() -> String {
    "\"" + (0..<count(20)).map { _ in Self.letters.randomElement(using: &generator) ?? "" }.joined() + "\""
  }

  private mutating func object(depth: Int) -> String {
    // Numbered, so that no member appears twice.
    let members = (0..<count(5)).map { "\"\($0)" + string().dropFirst() + ":" + value(depth: depth) }
    return "{" + members.joined(separator: ",") + "}"
  }

  private mutating func array(depth: Int) -> String {
    "[" + (0..<count(5)).map { _ in value(depth: depth) }.joined(separator: ",") + "]"
  }
}
