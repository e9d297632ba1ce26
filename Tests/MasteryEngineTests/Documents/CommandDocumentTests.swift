import Foundation
import Testing
import WireTesting

@testable import Commands

@Suite("Commands in the documents")
struct CommandDocumentTests {
  private static let documents =
    ["README.md"] + ["Commands", "Contributing", "Operations", "Predictions", "Skills"].map { "\(Document.articles)/\($0).md" }

  @Test("Every command of every shell block names programs, options, files and names that exist", arguments: documents)
  func commands(path: String) throws {
    let check = CommandCheck(manifests: try Manifests())
    let blocks = try Document(path).blocks.filter { $0.language == "sh" }
    #expect(!blocks.isEmpty)
    for block in blocks {
      let calls = try RecordedCommands.calls(of: block.text)
      #expect(!calls.isEmpty, "\(block.text)")
      for call in calls { #expect(throws: Never.self) { try check.check(call) } }
    }
  }

  @Test("What runbooks call in the service's container exists")
  func runbooks() throws {
    let check = CommandCheck(manifests: try Manifests())
    var count = 0
    for document in try Document.all() where document.path.contains("/Runbooks/") {
      // The whole article: the steps of a list hold their blocks indented.
      let text = try String(contentsOf: Document.root.appending(path: document.path), encoding: .utf8)
      for call in text.matches(of: /kubectl (-n [a-z]+ exec deployment\/[^\n|>`]+)/) {
        count += 1
        let words = call.1.split(separator: " ").map(String.init)
        #expect(throws: Never.self, "\(document.path): \(call.0)") { try check.check(["kubectl"] + words) }
      }
    }
    #expect(count > 4)
  }

  @Test(
    "The check of commands finds a wrong call",
    arguments: [
      ["mastery-engine", "nothing"], ["mastery-engine", "replay", "a", "--nowhere"], ["mastery-engine", "dev", "--port", "0"],
      ["mastery-engine", "replay"], ["swift", "run", "-c", "release", "mastery-sim", "--nothing"],
      ["swift", "run", "-c", "release", "mastery-bench", "--nothing"], ["swift", "run", "mastery-engine", "dev"],
      ["sudo", "apt-get", "install", "-y", "curl"], ["kubectl", "apply", "-f", "k8s/nothing/"],
      ["kubectl", "create", "secret", "generic", "mastery-engine", "--from-literal=JWT_SECRET="],
      ["kubectl", "-n", "learnflow", "create", "secret", "generic", "mastery-engine", "--from-literal=JWT="],
      ["kubectl", "-n", "learnflow", "create", "secret", "generic", "mastery-engine-token", "--from-literal=token="],
      ["kubectl", "-n", "learnflow", "create", "secret", "tls", "mastery-tls", "--cert=tls.crt", "--key=tls.key"],
      ["kubectl", "-n", "learnflow", "rollout", "restart", "deployment", "mastery"], ["kubectl", "delete", "pod"],
      ["kubectl", "-n", "learnflow", "exec", "deployment/mastery-engine", "-c", "mastery-engine", "--", "mastery-engine", "nothing"],
      ["docker", "build", "."], ["docker", "buildx", "imagetools", "inspect", "debian:nothing", "--format", "{{.Manifest.Digest}}"],
      ["docker", "build", "-t", "learnflow/mastery-engine:0.1.0", "--build-arg", "NOTHING=1", "."],
      ["docker", "build", "-t", "learnflow/mastery-engine:0.1.0", "--build-arg", "RUNTIME_BASE=debian:nothing@sha256:0", "."],
      ["docker", "build", "-t", "learnflow/mastery-engine:0.1.0", "--squash", "."],
      ["openssl", "rand", "-hex", "8"], ["curl", "-s", "http://127.0.0.1:8080/ready"],
      ["dapr", "run", "--app-id", "mastery-engine", "--", "mastery-engine", "serve"], ["helm", "install"],
      ["kafka-configs.sh", "--topic", "learning.quiz", "--add-config", "max.message.bytes=1048576"],
    ])
  func wrong(call: [String]) throws {
    let check = CommandCheck(manifests: try Manifests())
    #expect(throws: (any Error).self) { try check.check(call) }
  }

  @Test(
    "A block that calls a program by its path, or an unknown one, is not run", arguments: ["/bin/true", ".ci/run", "helm list", "curl '"])
  func refused(block: String) {
    #expect(throws: RecordedCommands.Failed.self) { try RecordedCommands.calls(of: block) }
  }

  @Test("The article on commands has the program's commands in its table and no others")
  func list() throws {
    let process = Process()
    process.executableURL = try builtProgram("mastery-engine")
    process.arguments = ["--help"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let help = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let listed = help.matches(of: /\n  ([a-z-]+)\s/).map { String($0.1) }
    let rows = try #require(try Document("\(Document.articles)/Commands.md").table("| command | what it does |"))
    let written = rows.compactMap { $0[0].firstMatch(of: /^`mastery-engine ([a-z-]+)/).map { String($0.1) } }
    #expect(written.sorted() == listed.sorted() && listed.count >= 10)
  }

  @Test("The README creates every secret that the pod needs, and the state key, before it applies the manifests")
  func secrets() throws {
    let manifests = try Manifests()
    let block = try #require(
      try Document("README.md").blocks.first { $0.language == "sh" && $0.section == "Run it" && $0.text.contains("kubectl") })
    let lines = block.text.split(separator: "\n")
    let made = lines.compactMap { $0.firstMatch(of: /create secret generic ([a-z0-9-]+)/).map { String($0.1) } }
    #expect(Set(made) == manifests.required.union(manifests.secrets.keys.filter { $0.hasPrefix("mastery-engine-state-key") }))
    let last = try #require(lines.lastIndex { $0.contains("create secret") })
    let first = try #require(lines.firstIndex { $0.hasSuffix("components/production/") })
    #expect(last < first && lines.last == "kubectl apply -f k8s/")
  }

  @Test("The gate runs the README's first command, and the README's commands install the list of packages")
  func gate() throws {
    let blocks = try Document("README.md").blocks.filter { $0.section.isEmpty }.map(\.text)
    let install = "sudo apt-get update && sudo apt-get install -y $(cat .ci/packages)"
    #expect(blocks == ["\(install) && swift run -c release mastery-engine dev --demo", "\(install) && swift test"])
    let gate = try Document(".ci/run").lines
    #expect(gate.contains("swift run -c release mastery-engine dev --demo --once"))
  }
}
