import Foundation
import JSON
import Schemas
import Simulation
import Testing

@testable import MasteryService

@Suite("A tool's answer in few tokens")
struct ToolAnswerTests {
  private static func text(_ json: String, _ choice: MemberChoice = .all, of object: ObjectSchema) throws -> String {
    String(decoding: try #require(ToolAnswer(Array(json.utf8), choice, of: [object])).json, as: UTF8.self)
  }

  @Test("Declared numbers have three decimals at the most, whole numbers stay as they are, and nulls are left out but in lists")
  func compact() throws {
    let number = Schema.number(nil).orNull
    let inner = ObjectSchema([
      .init("e", number, ""), .init("f", .list(.either([number, .object(ObjectSchema([.init("g", .null, "")]))])), ""),
    ])
    let schema = ObjectSchema([
      .init("a", number, ""), .init("b", .integer(nil), ""), .init("c", number, ""), .init("d", .object(inner), ""), .init("h", number, ""),
    ])
    let json = #"{"a":0.123456,"b":1234567890123456,"c":null,"d":{"e":null,"f":[1.0005,null,{"g":null}]},"h":-0.00049}"#
    let text = try Self.text(json, of: schema)
    #expect(
      text == #"{"a":0.123,"b":1234567890123456,"d":{"f":[1.001,null,{}]},"h":-0}"#
        || text == #"{"a":0.123,"b":1234567890123456,"d":{"f":[1.001,null,{}]},"h":0}"#)
  }

  @Test("What no schema describes stays as it is")
  func foreign() throws {
    let json = #"{"a":{"x":0.00012345,"y":null,"z":[1e30]},"b":{"x":null,"y":0.00012345},"c":0.00012345}"#
    let schema = ObjectSchema([.init("a", .anything, ""), .init("b", .object(ObjectSchema(isOpen: true, [.init("x", .anything, "")])), "")])
    #expect(try Self.text(json, of: schema) == #"{"a":{"x":0.00012345,"y":null,"z":[1e+30]},"b":{"y":0.00012345},"c":0.00012345}"#)
  }

  @Test("Any answer is within its length, loses nothing silently, and shows the beginning of each list, however deep it stands")
  func random() throws {
    var random = SeededGenerator(seed: UInt64.random(in: 0...UInt64.max))
    for _ in 0..<300 {
      let object = Self.object(depth: 2, &random)
      let json = try ReadJSON.canonical(object)
      let text = try Self.text(json, of: Self.schema(of: object))
      let cut = Array(text.utf8)
      var read = try ReadJSON.object(cut)
      let left = read.removeValue(forKey: "left_out") as? [String: Any] ?? [:]
      var missing: [String: Any] = [:]
      try Self.compare(object, read, at: "", &missing)
      #expect(try ReadJSON.canonical(left) == ReadJSON.canonical(missing))
      #expect(cut.count <= ToolAnswer.shortLength || left.count == missing.count && read.isEmpty)
      if json.utf8.count <= ToolAnswer.shortLength - 200 { #expect(left.isEmpty && cut.count == json.utf8.count) }
    }
  }

  private static func object(depth: Int, _ random: inout SeededGenerator) -> [String: Any] {
    var object: [String: Any] = [:]
    for index in 0..<Int.random(in: 0...6, using: &random) {
      func word() -> String { String(repeating: "x", count: Int.random(in: 0...Int.random(in: 1...400, using: &random), using: &random)) }
      switch Int.random(in: 0...2, using: &random) {
      case 0 where depth > 0: object["m\(index)"] = Self.object(depth: depth - 1, &random)
      case 1: object["m\(index)"] = (0..<Int.random(in: 0...60, using: &random)).map { _ in word() }
      default: object["m\(index)"] = word()
      }
    }
    return object
  }

  private static func schema(of object: [String: Any]) -> ObjectSchema {
    ObjectSchema(
      object.map { name, value in
        switch value {
        case let inner as [String: Any]: .init(name, .object(schema(of: inner)), "")
        case is [String]: .init(name, .list(.text(TextForm())), "")
        default: .init(name, .text(TextForm()), "")
        }
      })
  }

  /// Compares what is shown with what there is, and notes what is missing by its path.
  private static func compare(_ whole: [String: Any], _ shown: [String: Any], at path: String, _ missing: inout [String: Any]) throws {
    for (name, value) in whole {
      switch value {
      case let inner as [String: Any]: try compare(inner, #require(shown[name] as? [String: Any]), at: "\(path)\(name).", &missing)
      case let list as [String]:
        let some = try #require(shown[name] as? [String])
        #expect(list.starts(with: some))
        if some.count < list.count { missing[path + name] = list.count - some.count }
      default:
        if shown[name] == nil { missing[path + name] = true } else { #expect(shown[name] as? String == value as? String) }
      }
    }
    #expect(Set(shown.keys).isSubset(of: whole.keys))
  }

  @Test("A choice keeps what a naive reading of its paths keeps")
  func choices() throws {
    let inner = ObjectSchema([.init("x", .integer(nil), ""), .init("y", .integer(nil), "")])
    let schema = ObjectSchema([
      .init("a", .object(inner), ""), .init("b", .list(.object(inner)), ""), .init("c", .either([.object(inner), .null]), ""),
      .init("d", .map(.integer(nil)), ""), .init("e", .integer(nil), ""),
    ])
    let json = #"{"a":{"x":1,"y":2},"b":[{"x":3,"y":4},{"x":5,"y":6}],"c":{"x":7,"y":8},"d":{"k":9,"l":10},"e":11}"#
    let known = ["a", "a.x", "a.y", "b", "b.x", "b.y", "c", "c.x", "d", "d.k", "e"]
    var random = SeededGenerator(seed: UInt64.random(in: 0...UInt64.max))
    for _ in 0..<300 {
      let names = (0..<Int.random(in: 1...4, using: &random)).compactMap { _ in known.randomElement(using: &random) }
      let list = "[" + names.map { "\"\($0)\"" }.joined(separator: ",") + "]"
      let choice = try JSONDocument.parse(Array(list.utf8)) { (value) throws(JSONInvalid) in try MemberChoice(value, of: [schema]) }
      let kept = Self.kept(try ReadJSON.object(json), names, under: "")
      #expect(try ReadJSON.canonical(ReadJSON.object(Self.text(json, choice, of: schema))) == ReadJSON.canonical(kept), "\(names)")
    }
  }

  /// Keeps each member that a name stands for, or leads through.
  private static func kept(_ value: Any, _ names: [String], under path: String) -> Any {
    if let list = value as? [Any] { return list.map { kept($0, names, under: path) } }
    guard let object = value as? [String: Any] else { return value }
    var result: [String: Any] = [:]
    for (name, member) in object {
      let own = path + name
      let isWhole = names.contains { own == $0 || own.hasPrefix($0 + ".") }
      if isWhole || names.contains(where: { $0.hasPrefix(own + ".") }) { result[name] = kept(member, names, under: own + ".") }
    }
    return result
  }
}
