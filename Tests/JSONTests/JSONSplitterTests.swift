import Foundation
import Testing

@testable import JSON

@Suite("Splitting a large object while it arrives")
struct JSONSplitterTests {
  /// What a splitter found in a text.
  private struct Split: Equatable {
    var elements: [String] = []
    /// The parts of large elements, joined and marked where the inner member begins and ends, with their skeletons.
    var large: [[String]] = []
    var preamble = ""
    var isSplit = false
    var skeleton = ""
  }

  /// Splits a text that arrives in pieces of the drawn lengths.
  private func split(_ text: [UInt8], elementLimit: Int = 1 << 20, pieces: () -> Int) -> Split {
    var splitter = JSONSplitter(splitting: "entries", unless: ["event_type"], elementLimit: elementLimit, lookingFor: "event")
    var (split, rest, parts): (Split, ArraySlice<UInt8>, [UInt8]) = (Split(), text[...], [])
    var preamble: [UInt8] = []
    while !rest.isEmpty {
      let piece = Array(rest.prefix(max(1, pieces())))
      rest = rest.dropFirst(piece.count)
      piece.withUnsafeBytes { piece in
        var position = 0
        while let found = splitter.next(in: piece, from: &position) {
          switch found {
          case .element(let text): split.elements.append(String(decoding: text, as: UTF8.self))
          case .preamble(let text): preamble += text
          case .part(let text): parts += text
          case .innerBegins: parts.append(UInt8(ascii: "<"))
          case .innerEnds: parts.append(UInt8(ascii: ">"))
          case .large(let skeleton):
            split.large.append([String(decoding: parts, as: UTF8.self), String(decoding: skeleton, as: UTF8.self)])
            parts = []
          }
        }
        #expect(position == piece.count)
      }
    }
    split.preamble = String(decoding: preamble, as: UTF8.self)
    split.isSplit = splitter.isSplit
    split.skeleton = String(decoding: splitter.skeleton, as: UTF8.self)
    return split
  }

  private func split(_ text: String, elementLimit: Int = 1 << 20) -> Split {
    split(Array(text.utf8), elementLimit: elementLimit) { text.utf8.count }
  }

  @Test(
    "The elements to split are found wherever their member stands, whatever they are",
    arguments: [
      (#"{"entries":[{"a":[1,{"b":"]}"}]},2]}"#, [#"{"a":[1,{"b":"]}"}]}"#, "2"]),
      (#"{"id":"x","entries":["a\"]",null]}"#, [#""a\"]""#, "null"]),
      (#" { "x" : { "entries" : [ 9 ] } , "entries" : [ 1 , [ ] ] , "y" : 2 } "#, ["1", "[ ]"]), (#"{"entries":[],"entries":[1]}"#, []),
      ("\u{FEFF}{\"entries\":[true]}", ["true"]), (#"{"entries":[0,0,-1.5e3]}"#, ["0", "0", "-1.5e3"]),
      (#"{"ent\u0072ies":[1],"entries":[2]}"#, ["2"]),
    ])
  func finds(text: String, elements: [String]) {
    let found = split(text)
    #expect(found.elements == elements)
    #expect(found.isSplit)
  }

  @Test(
    "A text without the array to split is not split, and is all preamble",
    arguments: [
      "[1,2]", #""entries""#, "plain words", "", #"{"entries":{"a":[1]}}"#, #"{"entry":[1]}"#, #"{"event_type":"x","entries":[1]}"#,
      #"{"a":{"entries":[1]}}"#, #"["entries",[1]]"#,
    ])
  func leaves(text: String) {
    let found = split(text)
    #expect(found.elements.isEmpty && !found.isSplit)
    #expect(found.preamble == text)
  }

  @Test(
    "A large element has its own parts marked, and its short members are kept",
    arguments: [
      (
        #"{"entryId":"e","event":{"id":"i","pad":"PAD","data":{"n":1,"list":[1,2]}},"metadata":{"k":"v"}}"#,
        #"{"entryId":"e","event":<{"id":"i","pad":"PAD","data":{"n":1,"list":[1,2]}}>,"metadata":{"k":"v"}}"#,
        #"{"entryId":"e","event":{"id":"i","data":{"n":1}},"metadata":{"k":"v"}}"#
      ),
      (
        #"{"metadata":{"k":"v"},"event":"PAD","entryId":"e"}"#, #"{"metadata":{"k":"v"},"event":<"PAD">,"entryId":"e"}"#,
        #"{"metadata":{"k":"v"},"entryId":"e"}"#
      ),
      (#"{"event": 17, "pad":"PAD"}"#, #"{"event": <17>, "pad":"PAD"}"#, #"{"event":17}"#),
      (#"{"a":{"b":{"c":{"d":{"e":1}}}},"pad":"PAD"}"#, #"{"a":{"b":{"c":{"d":{"e":1}}}},"pad":"PAD"}"#, #"{"a":{"b":{"c":{}}}}"#),
      (#"["PAD"]"#, #"["PAD"]"#, ""), (#""PAD""#, #""PAD""#, ""),
      (#"{"a":1,"PAD":2,"event":null}"#, #"{"a":1,"PAD":2,"event":<null>}"#, #"{"a":1,"event":null}"#),
    ])
  func large(element: String, parts: String, skeleton: String) {
    let pad = String(repeating: #"pad\"{["#, count: 1_000)
    let padded = { (text: String) in text.replacingOccurrences(of: "PAD", with: pad) }
    let text = #"{"entries":[1,\#(padded(element)),{"a":2}]}"#
    for pieces in [1, 7, 100, 4_096, 1 << 20] {
      let found = split(Array(text.utf8), elementLimit: 2_000) { pieces }
      #expect(found.elements == ["1", #"{"a":2}"#])
      #expect(found.large == [[padded(parts), skeleton]])
    }
  }

  @Test("A few of a large element's endless members are kept, and what stands behind them is found", arguments: [1, 1_000, 1 << 20])
  func manyMembers(pieces: Int) throws {
    let many = (0..<5_000).map { #""a\#($0)":{"b":\#($0)}"# }.joined(separator: ",")
    let text = #"{"entries":[{"entryId":"e","event":{"data":{"x":1,\#(many)},"y":2},"metadata":{"k":"v"}},3]}"#
    let found = split(Array(text.utf8), elementLimit: 2_000) { pieces }
    #expect(found.elements == ["3"])
    let (parts, skeleton) = (try #require(found.large.first)[0], try #require(found.large.first)[1])
    #expect(parts.hasSuffix(#""y":2}>,"metadata":{"k":"v"}}"#))
    #expect(skeleton.utf8.count < 20_000)
    let left = try #require(try JSONSerialization.jsonObject(with: Data(skeleton.utf8)) as? [String: Any])
    #expect(left["entryId"] as? String == "e" && (left["metadata"] as? [String: Any])?["k"] as? String == "v")
    let data = (left["event"] as? [String: Any])?["data"] as? [String: Any]
    #expect(data?["x"] as? Int == 1 && (data?["a7"] as? [String: Any])?["b"] as? Int == 7 && data?["a4999"] == nil)
  }

  @Test("A broken large element does not hide the elements behind it")
  func brokenElements() {
    let pad = String(repeating: "x", count: 3_000)
    for broken in [#"{"a":[1}]"#, #"{"a" "b"}"#, #"{1:2}"#, #"{"a":x{y}}"#, #"{"a":,"event":{"b":}}"#] {
      let element = "{\"pad\":\"\(pad)\"," + broken.dropFirst()
      let found = split("{\"entries\":[\(element),7]}", elementLimit: 100)
      #expect(found.elements == ["7"], "\(broken)")
      #expect(found.large.map { $0[0].filter { $0 != "<" && $0 != ">" } } == [element], "\(broken)")
    }
  }

  @Test("The splitter's memory stays small whatever an element or the object itself holds")
  func memory() {
    let parts: [(String, String)] = [
      ("{\"entries\":[{\"event\":\"", "x"), ("{\"entries\":[", "["), ("{\"entries\":[", "{\"a\":"), ("{\"", "k"), ("{\"a\":\"", "\\\\"),
      ("{\"entries\":[{\"event\":{", "\"a\":1,"), ("{", "\"a\":1,"), ("{\"entries\":[", "0,"), ("", "["),
    ]
    for (beginning, repeated) in parts {
      var splitter = JSONSplitter(splitting: "entries", unless: [], elementLimit: 64 << 10, lookingFor: "event")
      let piece = Array(String(repeating: repeated, count: 10_000).utf8)
      for part in [Array(beginning.utf8)] + Array(repeating: piece, count: 100) {
        part.withUnsafeBytes { part in
          var position = 0
          while splitter.next(in: part, from: &position) != nil {}
        }
      }
      #expect(splitter.heldBytes < 512 << 10, "\(beginning)\(repeated)…: \(splitter.heldBytes)")
    }
  }

  /// A seeded generator of texts.
  private struct Texts {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }

    mutating func value(_ depth: Int = 0) -> String {
      switch below(depth > 5 ? 4 : 7) {
      case 0: return ["0", "-12.5", "true", "null"][below(4)]
      case 1:
        let long = String(repeating: "s", count: below(2_000))
        return "\"" + ["", "a", #"\""#, #"\\"#, "{", "]}", "é\u{1F600}", long][below(8)] + "\""
      case 2, 3: return "\"\(below(100))\""
      case 4: return "[" + (0..<below(4)).map { _ in value(depth + 1) }.joined(separator: [",", " , "][below(2)]) + "]"
      default:
        let names = ["event", "entryId", "metadata", "a", "data", "entries"]
        let members = (0..<below(5)).map { _ in "\"\(names[below(6)])\"\([":", " : "][below(2)])\(value(depth + 1))" }
        return "{" + members.joined(separator: ",") + "}"
      }
    }

    /// A bulk delivery, now and then with something in it that is not JSON.
    mutating func delivery() -> [UInt8] {
      let elements = (0..<below(8)).map { _ in value() }
      let other = below(2) == 0 ? "\"x\":\(value(3))," : ""
      var text = Array("{\(other)\"entries\":[\(elements.joined(separator: ","))],\"id\":\"b\"}".utf8)
      if below(3) == 0 { text[below(text.count)] = Array("{}[],:\"x\u{1}".utf8)[below(9)] }
      return text
    }
  }

  @Test("A text cut into any pieces is split the same way, with large and small elements")
  func anyPieces() {
    var texts = Texts(state: 7)
    for _ in 0..<1_000 {
      let text = texts.delivery()
      let limit = [50, 500, 1 << 20][texts.below(3)]
      let whole = split(text, elementLimit: limit) { text.count }
      for most in [1, 5, 64] {
        let cut = split(text, elementLimit: limit) { 1 + texts.below(most) }
        #expect(cut == whole, "\(String(decoding: text, as: UTF8.self))")
      }
    }
  }

  @Test("The elements of a split text are those that Foundation reads")
  func asFoundationReads() throws {
    var texts = Texts(state: 11)
    var split = 0
    for _ in 0..<1_000 {
      let text = texts.delivery()
      guard let read = try? JSONSerialization.jsonObject(with: Data(text)) as? [String: Any], let entries = read["entries"] as? [Any] else {
        continue
      }
      let found = self.split(text, elementLimit: 1 << 20) { 1 + texts.below(200) }
      // Of two members with one name Foundation may take the other.
      guard String(decoding: text, as: UTF8.self).components(separatedBy: "\"entries\"").count == 2 else { continue }
      let elements = try found.elements.map { try JSONSerialization.jsonObject(with: Data($0.utf8), options: .fragmentsAllowed) }
      #expect(elements as NSArray == entries as NSArray)
      split += 1
    }
    #expect(split > 200)
  }

  @Test("The short members kept of a large element have the values that Foundation reads")
  func skeletons() throws {
    var texts = Texts(state: 13)
    var checked = 0
    for _ in 0..<1_000 {
      let element = "{\"pad\":\"\(String(repeating: "p", count: 2_000))\",\"event\":\(texts.value(1)),\"metadata\":\(texts.value(2))}"
      let found = split("{\"entries\":[\(element)]}", elementLimit: 1_000)
      let skeleton = try JSONSerialization.jsonObject(with: Data(try #require(found.large.first)[1].utf8))
      let whole = try JSONSerialization.jsonObject(with: Data(element.utf8))
      #expect(isLeft(skeleton, of: whole, depth: 1), "\(element)")
      checked += 1
    }
    #expect(checked == 1_000)
  }

  /// Whether a skeleton agrees with the whole, and leaves out only arrays, long texts and deep members.
  private func isLeft(_ skeleton: Any, of whole: Any, depth: Int) -> Bool {
    guard let whole = whole as? [String: Any] else { return skeleton as? NSObject == whole as? NSObject }
    guard let skeleton = skeleton as? [String: Any] else { return false }
    return whole.allSatisfy { name, value in
      // Foundation takes one of two members with the same name, perhaps the one that is left out.
      if let left = skeleton[name] { return isLeft(left, of: value, depth: depth + 1) || value is [Any] || left is [String: Any] }
      return value is [Any] || (value as? String).map { $0.utf8.count > 900 } ?? false || value is [String: Any] && depth >= 4
    }
  }
}
