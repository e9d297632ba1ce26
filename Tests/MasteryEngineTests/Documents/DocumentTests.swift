import CYAML
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

  @Test("every manifest and component file is YAML with a kind", arguments: ["k8s", "components/dev", "components/production"])
  func yaml(folder: String) throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.root.appendingPathComponent(folder).path)
      .filter { $0.hasSuffix(".yaml") }
    #expect(!files.isEmpty)
    for file in files {
      let scalars = try #require(Self.scalars(try text("\(folder)/\(file)")), "\(folder)/\(file) is no YAML")
      #expect(["apiVersion", "kind", "metadata", "name"].allSatisfy(scalars.contains), "\(folder)/\(file)")
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

  /// All scalars of a YAML text; nil when it is none.
  private static func scalars(_ text: String) -> Set<String>? {
    var parser = yaml_parser_t()
    guard yaml_parser_initialize(&parser) == 1 else { return nil }
    defer { yaml_parser_delete(&parser) }
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBufferPointer { buffer in
      yaml_parser_set_input_string(&parser, buffer.baseAddress, buffer.count)
      var found: Set<String> = []
      while true {
        var event = yaml_event_t()
        guard yaml_parser_parse(&parser, &event) == 1 else { return nil }
        defer { yaml_event_delete(&event) }
        if event.type == YAML_STREAM_END_EVENT { return found }
        if event.type == YAML_SCALAR_EVENT, let value = event.data.scalar.value { found.insert(String(cString: value)) }
      }
    }
  }
}
