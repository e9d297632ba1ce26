import Foundation
import Testing

@testable import DaprClient

@Suite("The size bound of a save")
struct SizeBoundTests {
  private static let limit = 4_096
  private static let letters = [
    "a", "9", " ", "é", "日", "😀", "<", ">", "&", "'", "/", "\u{2027}", "\u{2028}", "\u{2029}", "\u{7F}", #"\""#, #"\\"#, #"\n"#, #"\u001f"#,
  ]

  /// An item with a key, an ETag and a document of random characters; in a few of them the same character throughout.
  private func item(_ generator: inout SplitMix) -> SaveItem {
    func text(_ most: Int, of letters: [String], _ generator: inout SplitMix) -> String {
      let only = Int.random(in: 0..<4, using: &generator) == 0 ? letters.randomElement(using: &generator) : nil
      let count = Int.random(in: 0...most, using: &generator)
      return (0..<count).map { _ in only ?? letters.randomElement(using: &generator) ?? "" }.joined()
    }
    let raw = ["k", ":", "\"", "\\", "\u{1}", "\n", "ö", "😀", "<"]
    let conditions: [SaveItem.Condition] = [.always, .absent, .matches(text(40, of: raw, &generator))]
    return SaveItem(
      key: text(40, of: raw, &generator), value: Array("[\"\(text(700, of: Self.letters, &generator))\"]".utf8),
      condition: conditions.randomElement(using: &generator) ?? .always,
      secondsToLive: [nil, -1, Int.max].randomElement(using: &generator) ?? nil)
  }

  @Test(
    "No request exceeds its bound, none of several items exceeds the limit, and each holds its items, for random items", arguments: 0..<200)
  func bound(seed: UInt64) throws {
    var generator = SplitMix(seed: seed)
    let items = (0..<Int.random(in: 1...20, using: &generator)).map { _ in item(&generator) }
    let pieces = RequestPieces.split(items, limit: Self.limit) { $0.sizeBound }
    #expect(pieces.flatMap { Array($0.items.indices) } == Array(items.indices))
    for piece in pieces {
      let body = piece.saving()
      #expect(body.count <= piece.size)
      #expect(piece.size <= Self.limit || piece.items.count == 1)
      let sent = try #require(try JSONSerialization.jsonObject(with: Data(body)) as? [[String: Any]])
      #expect(sent.map { $0["key"] as? String } == piece.items.map(\.key))
      for (sent, item) in zip(sent, piece.items) {
        let held = try #require(sent["value"] as? String)
        #expect(isSameJSON(jsonValue(held), jsonValue(String(decoding: item.value, as: UTF8.self))))
      }
    }
  }

  @Test("The bound of a document is at most a hundred bytes too high, plus what its key may need")
  func tight() {
    for text in [#"{"a":"b","c":[1,2,3]}"#, #"{"s":"<>&<>&"}"#, #"{"q":"\"\"\\\\"}"#, #"{"u":"äöü😀"}"#] {
      let item = SaveItem(key: "key", value: Array(text.utf8), condition: .absent)
      let piece = RequestPiece(items: [item][...], size: item.sizeBound)
      #expect(item.sizeBound - piece.saving().count <= 100 + 6 * 3)
    }
  }
}
