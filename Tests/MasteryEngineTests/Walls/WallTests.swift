import Foundation
import Testing

@Suite("The walls between the rooms")
struct WallTests {
  /// The Swift files below a folder of the sources, by their path within the sources.
  private static func files(in folder: String) throws -> [String] {
    let all = try FileManager.default.subpathsOfDirectory(atPath: Document.root.appending(path: "Sources").path)
    return all.filter { $0.hasSuffix(".swift") && (folder.isEmpty || $0.hasPrefix(folder + "/")) }
  }

  /// The folders of the targets within the sources; the engine is one beside its core.
  private static func targets() throws -> Set<String> {
    Set(
      try files(in: "").map { path in
        let parts = path.split(separator: "/")
        return parts[0] == "Engine" && parts[1] != "Core" ? "Engine" : parts.prefix(2).joined(separator: "/")
      })
  }

  private static func sources(of target: String) throws -> [SourceFile] {
    try files(in: target).filter { target != "Engine" || !$0.hasPrefix("Engine/Core/") }.map { path in
      let folder = path.split(separator: "/").dropLast().joined(separator: "/").dropFirst(target.count + 1)
      let text = try String(contentsOf: Document.root.appending(path: "Sources/\(path)"), encoding: .utf8)
      return SourceFile(text, folder: folder.isEmpty ? "." : String(folder))
    }
  }

  private static func count(_ files: [SourceFile]) -> [String: Int] {
    files.lazy.flatMap(\.declarations).reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }

  @Test("No folder of any target uses one that uses it, directly or through others")
  func noCycles() throws {
    let targets = try Self.targets().map { (name: $0, files: try Self.sources(of: $0)) }
    #expect(targets.count > 10)
    let names = Self.count(targets.flatMap(\.files))
    for target in targets {
      #expect(FolderGraph(target.files, names: names).circular.isEmpty, "\(target.name)")
    }
  }

  @Test("The engine's folders are those of the architecture article, and each uses only those above it there")
  func order() throws {
    let article = try Document("\(Document.articles)/Architecture.md")
    let rows = try #require(article.table("| folder | concern |"))
    let order = rows.map { $0[0].filter { $0 != "`" } }.filter { $0 != "Core" }
    let files = try Self.sources(of: "Engine")
    let graph = FolderGraph(files, names: Self.count(files))
    #expect(graph.folders == Set(order) && Set(order).count == order.count)
    let rank = Dictionary(uniqueKeysWithValues: zip(order, order.indices))
    let upwards = graph.edges.filter { rank[$0.from, default: 0] < rank[$0.to, default: 0] }
    #expect(upwards.isEmpty, "\(upwards.sorted().map(\.description))")
  }

  @Test("The floors and rooms of the sources are those of the architecture article")
  func floors() throws {
    let article = try Document("\(Document.articles)/Architecture.md")
    let rows = try #require(article.table("| floor | rooms | concern |"))
    for row in rows {
      let rooms = row[1].split(separator: ",").map { $0.filter { $0 != "`" && $0 != " " } }
      let folder = Document.root.appending(path: "Sources/\(row[0].filter { $0 != "`" })")
      let found = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasSuffix(".docc") }
      #expect(Set(rooms) == Set(found), "\(row[0])")
    }
    let floors = try FileManager.default.contentsOfDirectory(atPath: Document.root.appending(path: "Sources").path)
    #expect(Set(floors) == Set(rows.map { $0[0].filter { $0 != "`" } }))
  }

  @Test("No file imports a room of a lower floor of the table, and the core imports nothing")
  func imports() throws {
    let floors = ["Platform", "Engine", "Development", "Programs"]
    var floorOfModule = ["MasteryCore": 1, "MasteryService": 1]
    for target in try Self.targets() where !target.hasPrefix("Engine") {
      let parts = target.split(separator: "/")
      floorOfModule[String(parts[1]).replacing("-", with: "_")] = floors.firstIndex(of: String(parts[0]))
    }
    for path in try Self.files(in: "") {
      let floor = try #require(floors.firstIndex { path.hasPrefix($0 + "/") })
      let text = try String(contentsOf: Document.root.appending(path: "Sources/\(path)"), encoding: .utf8)
      for line in text.split(separator: "\n") where !line.hasPrefix(" ") && !line.hasPrefix("/") {
        guard let module = line.wholeMatch(of: /(?:(?:public|internal|package|private|@testable) )*import (?:\w+ )?(\w+)(?:\.\w+)?/)?.1
        else { continue }
        #expect(floorOfModule[String(module), default: 0] <= floor, "\(path) imports \(module)")
        if path.hasPrefix("Engine/Core/") { #expect(module == "Glibc", "\(path) imports \(module)") }
      }
    }
  }

  @Test("A planted cycle is found, whether by a type, by a member of an extension, or around a corner")
  func planted() {
    let text = (
      a: "struct Alpha { let beta: Beta }", b: "struct Beta {\n  let gamma: Gamma?\n}", c: "struct Gamma {}\n// Alpha\nlet text = \"Alpha\""
    )
    func circular(_ texts: [String]) -> [String] {
      let files = zip(["a", "b", "c"], texts).map { SourceFile($1, folder: $0) }
      return FolderGraph(files, names: Self.count(files)).circular.map(\.description)
    }
    #expect(circular([text.a, text.b, text.c]).isEmpty)
    #expect(circular([text.a, text.b, "struct Gamma { var first: Alpha? }"]).count == 3)
    #expect(circular([text.a, "struct Beta { func all() -> [Alpha] }", text.c]) == ["a uses Beta of b", "b uses Alpha of a"])
    let extended = text.a + "\nextension Int {\n  var doubled: Int { 2 * self }\n}"
    #expect(circular([extended, "struct Beta { let two = 1.doubled }", text.c]) == ["a uses Beta of b", "b uses doubled of a"])
    #expect(circular([extended.replacing("var", with: "private var"), "struct Beta { let two = 1.doubled }", text.c]).isEmpty)
    #expect(circular([extended, "struct Beta { let doubled = 2 }", text.c]).isEmpty)
  }
}
