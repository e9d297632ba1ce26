import Foundation
import Testing

@Suite("The threat model")
struct ThreatModelTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  @Test("The threat model names for each threat a test that exists")
  func tests() throws {
    let article = try String(
      contentsOf: Self.root.appending(path: "Sources/Engine/MasteryEngine.docc/ThreatModel.md"), encoding: .utf8)
    let rows = article.split(separator: "\n").filter { $0.hasPrefix("| ") && !$0.hasPrefix("| Who could") }
    #expect(rows.count > 30)
    var sources: [String: String] = [:]
    let files = FileManager.default.enumerator(at: Self.root.appending(path: "Tests"), includingPropertiesForKeys: nil)
    while let file = files?.nextObject() as? URL {
      guard file.pathExtension == "swift" else { continue }
      sources[file.deletingPathExtension().lastPathComponent, default: ""] += try String(contentsOf: file, encoding: .utf8)
    }
    for row in rows {
      let named = row.matches(of: /`([A-Z][A-Za-z]+Tests)\.([a-z][A-Za-z]+)`/)
      #expect(!named.isEmpty || row.contains("the sidecar's own feature"), "\(row)")
      for name in named { #expect(sources[String(name.1)]?.contains("func \(name.2)(") == true, "\(name.0)") }
    }
    for chapter in ["V2", "V3", "V4", "V5", "V7", "V8", "V9", "V13"] { #expect(article.contains("### \(chapter):")) }
  }
}
