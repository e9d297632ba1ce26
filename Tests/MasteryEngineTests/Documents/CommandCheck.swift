import Foundation
import MasteryService
import WireTesting

@testable import Commands

/// Checks a call in a document as far as possible without running it: programs, commands, options, files and names.
struct CommandCheck {
  /// The fault of a call.
  struct Wrong: Error, CustomStringConvertible {
    let description: String
  }

  private static let commands: [any Command.Type] = [
    ServeCommand.self, SidecarCommand.self, DevCommand.self, ReplayCommand.self, StudentCommand.self, TokenCommand.self,
    SkillCommand.self, VerifyCommand.self, RebuildStandingsCommand.self, DeadLettersCommand.self, BacktestCommand.self, FitCommand.self,
    MCPCommand.self, HealthCommand.self, MetricsCommand.self, TopicsCommand.self, OpenAPICommand.self, AsyncAPICommand.self,
    SchemaCommand.self,
  ]

  let manifests: Manifests

  /// Checks a call.
  ///
  /// - Throws: `Wrong` if it would not do what the document says.
  func check(_ call: [String]) throws {
    let arguments = Array(call.dropFirst())
    switch call[0] {
    case "sudo": try apt(arguments)
    case "swift": try swift(arguments)
    case "mastery-engine": try program("mastery-engine", arguments)
    case "docker": try docker(arguments)
    case "kubectl": try kubectl(arguments)
    case "dapr": try dapr(arguments)
    case "kafka-configs.sh": try kafka(arguments)
    case "openssl": try expect(arguments.count == 3 && arguments[0] == "rand" && (Int(arguments[2]) ?? 0) >= 16, call)
    // `FirstRequestTests` sends it.
    case "curl": try expect(arguments.contains { $0.hasPrefix("http://127.0.0.1:8005/") }, call)
    default: throw Wrong(description: "nobody checks \(call)")
    }
  }

  private func expect(_ holds: Bool, _ call: [String]) throws {
    guard holds else { throw Wrong(description: "\(call)") }
  }

  private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: Document.root.appending(path: path).path) }

  /// `apt-get`, with the packages of the list.
  private func apt(_ arguments: [String]) throws {
    let listed = try String(contentsOf: Document.root.appending(path: ".ci/packages"), encoding: .utf8).split(separator: "\n")
    try expect(
      arguments == ["apt-get", "update"] || arguments == ["apt-get", "install", "-y"] + listed.map(String.init), arguments)
  }

  /// `swift run` of a program of the package, or `swift build` or `swift test` of all of it.
  private func swift(_ arguments: [String]) throws {
    if arguments == ["build"] || arguments == ["test"] { return }
    try expect(arguments.count > 3 && arguments.prefix(3) == ["run", "-c", "release"], arguments)
    try program(arguments[3], Array(arguments.dropFirst(4)))
  }

  /// A program of the package: with `--help` after the same arguments, it refuses those that it does not know.
  private func program(_ name: String, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = try builtProgram(name)
    process.arguments = arguments + ["--help"]
    let errors = Pipe()
    (process.standardOutput, process.standardError) = (FileHandle.nullDevice, errors)
    try process.run()
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Wrong(description: "\(name) \(arguments): \(said)") }
    guard name == "mastery-engine" else { return }
    guard let command = Self.commands.first(where: { $0.usage.command == arguments.first }) else {
      throw Wrong(description: "there is no command in \(arguments)")
    }
    // The values too.
    let words = Array(arguments.dropFirst())
    _ = try command.init(CallArguments(words, command.usage(for: words)))
  }

  /// A build of the image, with arguments that the Dockerfile has, or a look at an image that it begins with.
  private func docker(_ arguments: [String]) throws {
    let file = try String(contentsOf: Document.root.appending(path: "Dockerfile"), encoding: .utf8)
    let declared = Dictionary(file.matches(of: /(?m)^ARG (\w+)=(.*)$/).map { (String($0.1), String($0.2)) }, uniquingKeysWith: { $1 })
    if arguments.prefix(3) == ["buildx", "imagetools", "inspect"] {
      let image = arguments.dropFirst(3).first
      try expect(
        declared.contains { $0.key.hasSuffix("_BASE") && $0.value == image }
          && arguments.dropFirst(4) == ["--format", "{{.Manifest.Digest}}"], arguments)
      return
    }
    let words = arguments.first == "buildx" ? arguments.dropFirst() : arguments[...]
    try expect(words.prefix(3) == ["build", "-t", manifests.image] && words.last == ".", arguments)
    let options = Array(words.dropFirst(3).dropLast())
    try expect(options.count.isMultiple(of: 2), arguments)
    for index in stride(from: 0, to: options.count, by: 2) {
      let (name, value) = (options[index], options[index + 1].split(separator: "=", maxSplits: 1).map(String.init))
      switch name {
      case "--build-arg":
        // What pins a base must begin with its tag.
        let standard = declared[value[0]]
        try expect(value.count == 2 && standard != nil, arguments)
        if value[0].hasSuffix("_BASE") { try expect(value[1].hasPrefix((standard ?? "") + "@"), arguments) }
      case "--output": try expect(options[index + 1] == "type=registry,rewrite-timestamp=true" && arguments.first == "buildx", arguments)
      default: throw Wrong(description: "nobody checks \(arguments)")
      }
    }
  }

  private func dapr(_ arguments: [String]) throws {
    guard let end = arguments.firstIndex(of: "--") else { throw Wrong(description: "\(arguments)") }
    func standard(_ name: String) -> String { Configuration.settings.first { $0.name == name }?.standard ?? "" }
    try expect(
      arguments[..<end] == [
        "run", "--app-id", manifests.appID, "--app-port", standard("APP_PORT"), "--dapr-http-port", standard("DAPR_HTTP_PORT"),
        "--resources-path", "my-components",
      ], arguments)
    try expect(arguments[end...] == ["--", "mastery-engine", "serve"], arguments)
    try program("mastery-engine", Array(arguments[(end + 2)...]))
  }

  private func kafka(_ arguments: [String]) throws {
    let options = stride(from: 0, to: arguments.count, by: 1).filter { arguments[$0] == "--topic" }
    guard let index = options.first, arguments.indices.contains(index + 3), arguments[index + 2] == "--add-config" else {
      throw Wrong(description: "\(arguments)")
    }
    try expect(manifests.messageLimits[arguments[index + 1]].map { "max.message.bytes=\($0)" } == arguments[index + 3], arguments)
  }

  private func kubectl(_ arguments: [String]) throws {
    var words = arguments
    let isInNamespace = words.prefix(2) == ["-n", manifests.namespace]
    if isInNamespace { words.removeFirst(2) }
    if words.suffix(3) == ["--dry-run=client", "-o", "yaml"] { words.removeLast(3) }
    switch words.prefix(2) {
    case ["apply", "-f"]: try expect(words.count == 3 && (words[2] == "-" || exists(words[2])), arguments)
    case ["create", "secret"] where words.count > 4:
      let literals = words.dropFirst(4).map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
      switch words[2] {
      case "generic":
        try expect(literals.count == 1 && literals[0][0] == "--from-literal", arguments)
        let member = literals[0][1].prefix { $0 != "=" }
        try expect(isInNamespace && manifests.secrets[words[3]]?.contains(String(member)) == true, arguments)
      case "tls":
        try expect(isInNamespace && words[3] == manifests.certificate && literals.map { $0[0] } == ["--cert", "--key"], arguments)
      default: throw Wrong(description: "\(arguments)")
      }
    case ["patch", "deployment"]:
      try expect(
        isInNamespace && words.count == 5 && words[2] == manifests.appID && words[3] == "--patch-file" && exists(words[4]), arguments)
    case ["exec", "deployment/\(manifests.appID)"]:
      try expect(isInNamespace && words.dropFirst(2).prefix(3) == ["-c", manifests.appID, "--"] && words.count > 5, arguments)
      if words[5] == "mastery-engine" { return try program("mastery-engine", Array(words.dropFirst(6))) }
      // A shell's own command; the image has few others.
      try expect(words[5...] == ["sh", "-c", "kill -HUP 1"], arguments)
    case ["rollout", "restart"]: try expect(isInNamespace && words.dropFirst(2) == ["deployment", manifests.appID], arguments)
    default: throw Wrong(description: "nobody checks \(arguments)")
    }
  }
}
