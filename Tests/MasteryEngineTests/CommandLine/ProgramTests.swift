import Foundation
import MasteryService
import Testing

@testable import Commands

@Suite("The exit status of the program")
struct ProgramTests {
  @Test(
    "A wrong call ends the program with status 64",
    arguments: [
      [], ["nothing"], ["--nothing"], ["serve", "now"], ["serve", "--port=1"], ["sidecar", "--port", "0"], ["sidecar", "--port", "http"],
      ["sidecar", "--profile", "mysql"], ["sidecar", "--schema-port", "0"], ["dev", "--once"], ["dev", "--all"], ["dev", "--data"],
      ["replay"], ["replay", "a", "b"],
      ["token"], ["token", "--sub", "a"], ["token", "--role", "admin"], ["token", "--sub", "", "--role", "admin"],
      ["token", "--sub", "a", "--role", "admin", "--ttl", "0"], ["token", "--sub", "a", "--role", "admin", "--students", "b"],
      ["token", "--sub", "a", "--role", "teacher", "--students", "b,,c"],
      ["replay", "a", "--until", "2014-02-30"], ["replay", "a", "--batch", "0"], ["replay", "a", "--sidecar", "here"],
      ["replay", "a", "--engines", "here"], ["replay", "a", "--engines", "http://a,"], ["replay", "a", "--ahead", "0"],
      ["dlq"], ["dlq", "all"], ["dlq", "list", "--limit", "0"], ["dlq", "list", "--again"], ["dlq", "show", "--repaired", "a"],
      ["dlq", "list", "--school", "a b"], ["dlq", "list", "--student", ""], ["dlq", "list", "--school", "a", "--unowned"],
      ["dlq", "list", "--from", "yesterday"], ["dlq", "replay", "--wait", "3601"], ["dlq", "replay", "--letters"],
      ["topics", "--format", "json"], ["topics", "--server", "a b"], ["topics", "--namespace", ""], ["metrics", "all"],
    ])
  func wrongCall(arguments: [String]) async {
    #expect(await Program.run(arguments) == 64)
  }

  @Test("Help and version end with status 0, for the program and each command")
  func help() async {
    for command in [[], ["serve"], ["sidecar"], ["dev"], ["replay"], ["token"], ["dlq"]] {
      #expect(await Program.run(command + ["--help"]) == 0)
      #expect(await Program.run(command + ["--version"]) == 0)
    }
  }

  @Test("A missing file ends the program with status 66")
  func noInput() async {
    #expect(await Program.run(["replay", "/nowhere/events.jsonl", "--wait"]) == 66)
  }

  @Test("A missing component folder ends the program with status 78")
  func noComponents() async {
    #expect(await Program.run(["sidecar", "--components", "/nowhere", "--port", "39471"]) == 78)
  }

  @Test("A folder of schemas that cannot be read ends the program with status 69, and one that holds what is none with status 78")
  func noSchemas() async throws {
    #expect(await Program.run(["sidecar", "--schemas", "/nowhere", "--port", "39471"]) == 69)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data("{}".utf8).write(to: folder.appendingPathComponent("raw.quiz-value.avsc"))
    #expect(await Program.run(["sidecar", "--schemas", folder.path, "--schema-port", "39472", "--port", "39471"]) == 78)
  }

  @Test(
    "A wrong setting ends serve with status 78 and one line that names it",
    arguments: [
      (["ENVIRONMENT": "development", "APP_PORT": "x"], "APP_PORT"), (["ENVIRONMENT": "test"], "ENVIRONMENT"), ([:], "JWT_SECRET"),
      (["ENVIRONMENT": "staging"], "JWT_SECRET"), (["JWT_SECRET": String(repeating: "x", count: 32)], "APP_API_TOKEN"),
      (["ENVIRONMENT": "development", "GDPR_RETENTION_DAYS": "0"], "GDPR_RETENTION_DAYS"),
    ])
  func wrongSetting(variables: [String: String], name: String) throws {
    let failure = try #require(throws: CommandFailure.self) { try ServeCommand.configuration(variables) }
    #expect(failure.status == 78)
    #expect(failure.message.hasPrefix(name))
    #expect(!failure.message.contains("\n"))
  }

  @Test("Every environment with all its settings is accepted")
  func complete() throws {
    let variables = ["JWT_SECRET": String(repeating: "x", count: 32), "APP_API_TOKEN": "t"]
    #expect(try ServeCommand.configuration(variables).environment == .production)
    #expect(try ServeCommand.configuration(variables.merging(["ENVIRONMENT": "staging"]) { $1 }).environment == .staging)
    #expect(try ServeCommand.configuration(["ENVIRONMENT": "development"]).port == 8005)
  }

  @Test("Each command has its agreed options")
  func options() {
    let agreed: [(any Command.Type, [String])] = [
      (SidecarCommand.self, ["port", "app-port", "app-id", "components", "data", "profile"]),
      (DevCommand.self, ["data", "demo", "once"]),
      (TokenCommand.self, ["sub", "role", "students", "school", "ttl"]),
      (ReplayCommand.self, ["sidecar", "until", "shift-to-now", "batch", "wait"]),
    ]
    for (command, names) in agreed {
      #expect(Set(names).isSubset(of: Set(command.usage.options.map(\.name))))
    }
    #expect(ReplayCommand.usage.operands == ["FILE"])
  }
}
