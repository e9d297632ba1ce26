import Foundation
import Testing

@testable import MasteryService

@Suite("Avro schemas of earlier releases")
struct AvroEvolutionTests {
  /// The folder with the schemas of each release that had others than the one before.
  private static let released = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "AvroSchemas")

  private static let releases = (try? FileManager.default.contentsOfDirectory(atPath: released.path).sorted()) ?? []

  @Test("A reader with the schemas of a release reads what this one writes, and the other way round", arguments: releases)
  func resolves(_ release: String) throws {
    let folder = Self.released.appending(path: release)
    let now = Dictionary(uniqueKeysWithValues: try EventSchema.all(Configuration()).map { ($0.name, $0) })
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(files.count >= 10)
    for file in files {
      let name = String(file.dropLast(".avsc".count))
      let old = try ReadJSON.object([UInt8](Data(contentsOf: folder.appending(path: file))))
      let new = try ReadJSON.object(try #require(now[name], "\(name) is gone").json)
      try Self.compare(old, new, at: name)
      // What an earlier release has stored goes out word for word.
      if now[name]?.isIncoming == false { try #expect(Self.members(old, name).isSubset(of: Self.members(new, name)), "\(name)") }
    }
  }

  @Test("There is a release to compare with")
  func earlier() { #expect(!Self.releases.isEmpty) }

  /// By the rules of the specification's "Schema Resolution": names and types are the same, and whatever only one of both has, has a default.
  private static func compare(_ old: [String: Any], _ new: [String: Any], at path: String) throws {
    #expect(old["name"] as? String == new["name"] as? String && old["namespace"] as? String == new["namespace"] as? String, "\(path)")
    func fields(_ record: [String: Any]) throws -> [String: [String: Any]] {
      try Dictionary(
        uniqueKeysWithValues: #require(record["fields"] as? [[String: Any]]).map { (try #require($0["name"] as? String), $0) })
    }
    let (before, after) = (try fields(old), try fields(new))
    for (name, field) in before.merging(after, uniquingKeysWith: { $1 }) where before[name] == nil || after[name] == nil {
      #expect(field["default"] != nil, "\(path).\(name)")
    }
    for (name, field) in before {
      guard let other = after[name] else { continue }
      try compareTypes(field["type"] ?? "", other["type"] ?? "", at: "\(path).\(name)")
    }
  }

  /// The paths of all members.
  private static func members(_ schema: Any, _ path: String) throws -> Set<String> {
    switch schema {
    case let list as [Any]: return try list.reduce(into: []) { $0.formUnion(try members($1, path)) }
    case let object as [String: Any]:
      var found = try members(object["items"] ?? object["values"] ?? "", path)
      for field in object["fields"] as? [[String: Any]] ?? [] {
        let inner = "\(path).\(try #require(field["name"] as? String))"
        found.insert(inner)
        found.formUnion(try members(field["type"] ?? "", inner))
      }
      return found
    default: return []
    }
  }

  private static func compareTypes(_ old: Any, _ new: Any, at path: String) throws {
    if let kinds = old as? [Any] {
      let others = try #require(new as? [Any], "\(path)")
      #expect(kinds.count == others.count, "\(path)")
      for (kind, other) in zip(kinds, others) { try compareTypes(kind, other, at: path) }
    } else if let type = old as? [String: Any] {
      let other = try #require(new as? [String: Any], "\(path)")
      #expect(type["type"] as? String == other["type"] as? String, "\(path)")
      #expect(type["logicalType"] as? String == other["logicalType"] as? String, "\(path)")
      if type["type"] as? String == "record" { return try compare(type, other, at: path) }
      for inner in ["items", "values"] { if let held = type[inner] { try compareTypes(held, other[inner] ?? "", at: path) } }
    } else {
      #expect(old as? String == new as? String, "\(path)")
    }
  }
}
