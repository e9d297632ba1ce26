import Foundation
import MasteryService
import Testing

@testable import Commands

@Suite("What is written beside the code says what the code does")
struct DocumentTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private func text(_ path: String) throws -> String {
    try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
  }

  @Test("the README's table of settings is the one that the service reads")
  func settings() throws {
    let lines = try text("README.md").split(separator: "\n").map(String.init)
    let start = try #require(lines.firstIndex(of: "| setting | default | meaning |"))
    let rows = lines[(start + 2)...].prefix { $0.hasPrefix("|") }
    #expect(
      Array(rows)
        == Configuration.settings.map { setting in
          "| `\(setting.name)` | \(setting.standard.isEmpty ? "" : "`\(setting.standard)`") | \(setting.meaning) |"
        })
  }

  @Test("the README names every command")
  func commands() throws {
    let readme = try text("README.md")
    let usages = [
      ServeCommand.usage, DevCommand.usage, SidecarCommand.usage, ReplayCommand.usage, TokenCommand.usage, BacktestCommand.usage,
      FitCommand.usage, StudentCommand.usage, RebuildStandingsCommand.usage,
    ]
    for usage in usages {
      #expect(readme.contains("`mastery-engine \(([usage.command] + usage.operands).joined(separator: " "))`"))
    }
  }

  @Test("each package that the manifest names for Debian is in the list that is installed")
  func packages() throws {
    let listed = Set(try text(".ci/packages").split(separator: "\n").map(String.init))
    let named = try text("Package.swift").matches(of: /debian: "([^"]+)"/).map { String($0.output.1) }
    #expect(!named.isEmpty)
    #expect(Set(named).subtracting(["debian"]).isSubset(of: listed))
  }

  @Test(
    "every manifest and component file is YAML with a kind",
    arguments: ["k8s", "k8s/kafka", "k8s/tls", "components/dev", "components/production", "components/production-redis"])
  func yaml(folder: String) throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.root.appendingPathComponent(folder).path)
      .filter { $0.hasSuffix(".yaml") }
    #expect(!files.isEmpty)
    for file in files {
      let documents = try YAML.documents(try text("\(folder)/\(file)"))
      #expect(!documents.isEmpty)
      for document in documents {
        #expect(document["apiVersion"]?.text != nil && document["kind"]?.text != nil, "\(folder)/\(file)")
        #expect(document["metadata"]?["name"]?.text != nil, "\(folder)/\(file)")
      }
    }
  }

  @Test("the components that are part of the program are those of components/dev")
  func builtIn() throws {
    let folder = try BuiltInComponents.make()
    defer { BuiltInComponents.remove(folder) }
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.root.appendingPathComponent("components/dev").path)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == names.sorted())
    for name in names {
      #expect(try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) == text("components/dev/\(name)"))
    }
  }
}
