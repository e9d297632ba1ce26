import Foundation
import JSON
import Testing

@Suite("A JSON writer")
struct JSONWriterTests {
  /// What the writer makes of a value, in a buffer that has to grow.
  private func written(_ write: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter(capacity: 1)
    write(&writer)
    return writer.text
  }

  @Test("Texts with any number of characters to escape are read back by another reader, and nothing else is escaped")
  func texts() throws {
    var random = SplitMix(seed: UInt64.random(in: 0 ... .max))
    let letters: [Character] = ["\"", "\\", "\u{0}", "\n", "\t", "\u{1F}", "a", "b", " ", "/", "é", "☃", "𝄞", "\u{7F}"]
    for _ in 0..<5_000 {
      let isPlain = Bool.random(using: &random)
      let used = letters[(isPlain ? 6 : 0)...]
      let text = String((0..<Int.random(in: 0..<60, using: &random)).map { _ in used.randomElement(using: &random) ?? "a" })
      let json = written { $0.array(of: ["x", text]) }
      #expect(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String] == ["x", text])
      if isPlain { #expect(json == "[\"x\",\"\(text)\"]") }
    }
  }

  @Test("A number is written with as few digits as Swift needs for it, and without a fraction that is zero")
  func numbers() {
    var random = SplitMix(seed: UInt64.random(in: 0 ... .max))
    let sign: (inout SplitMix) -> Double = { Bool.random(using: &$0) ? 1 : -1 }
    for _ in 0..<20_000 {
      let value =
        switch Int.random(in: 0..<5, using: &random) {
        case 0: sign(&random) * Double(Int.random(in: 0..<2_000, using: &random)) / 1000
        case 1: sign(&random) * Double(Int.random(in: 0..<4_000_000_000, using: &random)) / 1000
        case 2: sign(&random) * Double.random(in: 0..<1, using: &random)
        case 3: sign(&random) * Double(Int.random(in: 0..<1 << 53, using: &random))
        default: Double(bitPattern: random.next())
        }
      guard value.isFinite else { continue }
      let json = written { $0.number(value) }
      #expect(Double(json)?.bitPattern == value.bitPattern, "\(value)")
      let whole = value.magnitude < 0x1p53 && value == value.rounded() && (value != 0 || value.sign == .plus)
      #expect(json == (whole ? String(Int64(value)) : value.description))
    }
  }

  @Test("Each member's name stands in quotes before its value, with commas between members only, however often the buffer grows")
  func names() {
    for number in 0..<40 {
      let json = written { json in
        json.object { json in for value in 0..<number { json.member("a name that is longer than the buffer", value) } }
      }
      let members = (0..<number).map { "\"a name that is longer than the buffer\":\($0)" }
      #expect(json == "{\(members.joined(separator: ","))}")
    }
  }
}
