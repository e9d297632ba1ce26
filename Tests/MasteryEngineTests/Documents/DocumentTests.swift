import Foundation
import MasteryService
import Metrics
import Testing

@testable import Commands

@Suite("Documents beside the code")
struct DocumentTests {
  private static let root = Document.root

  private func text(_ path: String) throws -> String {
    try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
  }

  /// The rows of a document's table of settings, unchanged.
  private func settings(in path: String) throws -> [String] {
    let lines = try text(path).split(separator: "\n").map(String.init)
    let start = try #require(lines.firstIndex(of: "| setting | default | meaning |"))
    return Array(lines[(start + 2)...].prefix { $0.hasPrefix("|") })
  }

  @Test("The contract's table of settings is the one that the service reads, and the README's is a part of it")
  func settings() throws {
    let read = Configuration.settings.map { setting in
      "| `\(setting.name)` | \(setting.standard.isEmpty ? "" : "`\(setting.standard)`") | \(setting.meaning) |"
    }
    #expect(try settings(in: "\(Document.articles)/Contract.md") == read)
    let first = try settings(in: "README.md")
    #expect(Set(first).isSubset(of: read) && Set(first).count == first.count)
    let needed = [
      "ENVIRONMENT", "JWT_SECRET", "JWT_JWKS", "APP_API_TOKEN", "APP_PORT", "DAPR_HTTP_PORT", "STATE_STORE_NAME", "PUBSUB_NAME",
    ]
    for name in needed { #expect(first.contains { $0.hasPrefix("| `\(name)` |") }, "\(name)") }
  }

  @Test("The Contract article lists the metrics that the service hands out, with their kinds and labels")
  func metrics() throws {
    let article = try Document("\(Document.articles)/Contract.md")
    let table = try #require(article.table("| metric | kind | labels | counts |"))
    let rows = table.map { $0.prefix(3).map { $0.filter { $0 != "`" && $0 != " " } } }
    #expect(rows == MasteryService.metricDeclarations.map { [$0.name, $0.kind.rawValue, $0.labels.joined(separator: ",")] })
  }

  @Test("Articles and manifests name no metric that the service does not hand out")
  func metricNames() throws {
    let declared = Set(
      MasteryService.metricDeclarations.flatMap { declaration in
        let endings = declaration.kind == .histogram ? ["", "_bucket", "_sum", "_count"] : [""]
        return endings.map { declaration.name + $0 }
      })
    let looksLikeOne = /\b(?:mastery|process)_[a-z_]+_(?:total|seconds|bytes|fds|records|tries|flight|keys|info|bucket|sum|count)\b/
    var named: Set<String> = []
    let manifests = try FileManager.default.subpathsOfDirectory(atPath: Self.root.appending(path: "k8s").path)
    for path in try Document.all().map(\.path) + manifests.filter({ $0.hasSuffix("yaml") }).map({ "k8s/\($0)" }) {
      let found = Set(try text(path).matches(of: looksLikeOne).map { String($0.output) })
      #expect(found.subtracting(declared).isEmpty, "\(path)")
      named.formUnion(found)
    }
    #expect(named.count > 20)
  }

  @Test("The article on commands names every command, and its example options exist")
  func commands() throws {
    let article = try Document("\(Document.articles)/Commands.md")
    let usages = [
      ServeCommand.usage, DevCommand.usage, SidecarCommand.usage, ReplayCommand.usage, TokenCommand.usage, BacktestCommand.usage,
      FitCommand.usage, StudentCommand.usage, SkillCommand.usage, VerifyCommand.usage, RebuildStandingsCommand.usage,
      DeadLettersCommand.usage,
      MCPCommand.usage, HealthCommand.usage, MetricsCommand.usage, TopicsCommand.usage, OpenAPICommand.usage, AsyncAPICommand.usage,
      SchemaCommand.usage,
    ]
    let rows = try #require(article.table("| command | what it does |")).map { $0[0] }
    #expect(Set(rows) == Set(usages.map { "`mastery-engine \(([$0.command] + $0.operands).joined(separator: " "))`" }))
    #expect(rows.count == usages.count)
    let options = Set(usages.flatMap { $0.allOptions.map(\.name) })
    let named = Set(try text(article.path).matches(of: /--([a-z][a-z-]*)/).map { String($0.1) })
    #expect(named.subtracting(options).isEmpty)
    #expect(named.count > 20)
  }

  @Test("Every link leads to a file and a section, and every article is reachable from the first one")
  func links() throws {
    let documents = try Document.all()
    var count = 0
    for document in documents {
      let folder = Document.root.appending(path: document.path).deletingLastPathComponent()
      for link in try text(document.path).matches(of: /\]\((?!http)([^)#\s]+)(?:#([^)]+))?\)/) {
        count += 1
        let file = folder.appending(path: String(link.1)).standardizedFileURL
        try #require(FileManager.default.fileExists(atPath: file.path), "\(document.path): \(link.0)")
        guard let anchor = link.2 else { continue }
        let titles = try Document(String(file.path.dropFirst(Document.root.path.count + 1))).titles
        let anchors = titles.map { $0.lowercased().replacing(" ", with: "-").filter { $0.isLetter || $0.isNumber || $0 == "-" } }
        #expect(anchors.contains(String(anchor)), "\(document.path): \(link.0)")
      }
    }
    #expect(count > 10)
    let articles = try Dictionary(
      uniqueKeysWithValues: documents.filter { $0.path.hasPrefix(Document.articles) }.map { document in
        (String(document.path.split(separator: "/").last?.dropLast(3) ?? ""), try text(document.path))
      })
    var reached: Set = ["MasteryEngine"]
    var waiting = ["MasteryEngine"]
    while let article = waiting.popLast() {
      for link in try #require(articles[article], "\(article)").matches(of: /<doc:([A-Za-z]+)(?:#[^>]*)?>/) {
        if reached.insert(String(link.1)).inserted { waiting.append(String(link.1)) }
      }
    }
    #expect(reached == Set(articles.keys))
  }

  @Test("Every file and folder of the project that a document names exists")
  func paths() throws {
    var count = 0
    for document in try Document.all() {
      for path in try text(document.path).matches(of: /`((?:Sources|Tests|components|k8s|\.ci|\.github)\/[A-Za-z0-9_.\/+-]+)`/) {
        count += 1
        #expect(
          FileManager.default.fileExists(atPath: Self.root.appending(path: String(path.1)).path), "\(document.path): \(path.1)")
      }
    }
    #expect(count > 30)
  }

  @Test("Each package that the package manifest names for Debian is in the list that is installed")
  func packages() throws {
    let listed = Set(try text(".ci/packages").split(separator: "\n").map(String.init))
    let named = try text("Package.swift").matches(of: /debian: "([^"]+)"/).map { String($0.output.1) }
    #expect(!named.isEmpty)
    #expect(Set(named).subtracting(["debian"]).isSubset(of: listed))
  }

  @Test(
    "Every manifest and component file is YAML with a kind",
    arguments: [
      "k8s", "k8s/topics", "k8s/tls", "k8s/examples", "k8s/monitoring", "k8s/autoscaling/cpu", "k8s/autoscaling/kafka", "components/dev",
      "components/production", "components/production/kafka-per-topic", "components/production/kafka-avro", "components/production-redis",
      "components/production-postgresql",
    ])
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

  @Test("The components built into the program are those of components/dev")
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
