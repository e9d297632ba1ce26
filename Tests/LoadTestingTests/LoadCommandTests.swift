import Foundation
import JSON
import Testing
import WireTesting

@Suite("mastery-bench load")
struct LoadCommandTests {
  /// How a call ended, and what it wrote to standard output and standard error.
  private struct Ended: Sendable {
    let status: Int32
    let output: String
    let errors: String

    init(_ arguments: [String]) throws {
      let (process, output, errors) = (Process(), Pipe(), Pipe())
      process.executableURL = try builtProgram("mastery-bench")
      process.arguments = ["load"] + arguments
      (process.standardOutput, process.standardError) = (output, errors)
      try process.run()
      self.errors = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      self.output = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      status = process.terminationStatus
    }
  }

  /// Calls it, while no thread of tasks waits for it.
  private static func call(_ arguments: [String]) async throws -> Ended {
    try await onThread { Result { try Ended(arguments) } }.get()
  }

  @Test(
    "A wrong argument is named with what it must be and what it was",
    arguments: [
      (["--scenario", "storm"], "--scenario must be one of steady, soak, outage, rolling, connections, idle, got \"storm\""),
      (["--rate", "-1"], "--rate must be a whole number from 0 to 100000, got \"-1\""),
      (["--rate", "99999999999999999999"], "--rate must be a whole number from 0 to 100000, got \"99999999999999999999\""),
      (["--queries", ""], "--queries must be a whole number from 0 to 100000, got \"\""),
      (["--seconds", "0"], "--seconds must be a whole number from 1 to 604800, got \"0\""),
      (["--scenario", "outage", "--seconds", "24"], "--seconds must be a whole number from 25 to 604800, got \"24\""),
      (["--students", "99"], "--students must be a whole number from 100 to 1000000, got \"99\""),
      (["--connections", "4001"], "--connections must be a whole number from 1 to 4000, got \"4001\""),
      (["--seed", "x"], "--seed must be a whole number from 0 to 1000000000, got \"x\""),
      (["--store", "paper"], "--store must be redis, encrypted-redis, postgres or sqlite, got \"paper\""),
      (["--report", ""], "--report must be the path of a file, got \"\""),
      (["--scenario", "idle", "--rate", "3"], "--rate and --queries must be 0 with idle, got 3 and 0"),
      (["--scenario", "connections", "--rate", "3"], "--rate must be 0 with connections, got 3"),
      (["--scenario", "connections", "--queries", "0"], "--queries must be at least 1 with connections, got 0"),
      (["more"], "there is one argument too many, \"more\""), (["--nothing"], "there is no option --nothing"),
    ])
  func wrong(arguments: [String], message: String) async throws {
    let ended = try await Self.call(arguments)
    #expect(ended.status == 64 && ended.output.isEmpty)
    #expect(ended.errors.hasPrefix("mastery-bench load: ") && ended.errors.hasSuffix("\(message)\n"), "\(ended.errors)")
  }

  @Test("A report that cannot be saved is refused before the load")
  func unwritable() async throws {
    let ended = try await Self.call(["--report", "/nowhere/report.json"])
    #expect(ended.status == 74)
    #expect(ended.errors.contains("--report must be a file that can be written, got \"/nowhere/report.json\": No such file or directory"))
  }

  @Test("The help lists scenarios and options")
  func help() async throws {
    let ended = try await Self.call(["--help"])
    #expect(ended.status == 0 && ended.output.hasPrefix("usage: mastery-bench load [options]\n"))
    for word in ["  outage: store and broker away for 30 s each\n", "--report FILE"] { #expect(ended.output.contains(word)) }
  }

  @Test("A small load loses nothing, and its report says so")
  func small() async throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "load-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    let ended = try await Self.call(["--seconds", "2", "--rate", "200", "--queries", "20", "--students", "100", "--report", file.path])
    // How fast it is depends on the machine of the tests: bounds on time may be missed.
    #expect([0, 1].contains(ended.status), "\(ended.errors)")
    try JSONDocument.parse([UInt8](Data(contentsOf: file))) { root in
      #expect(root["scenario"]?.string == "steady" && root["settings"]?["events_per_second"]?.integer == 200)
      var figures: [String: Double] = [:]
      for figure in try #require(root["figures"]).elements { figures[figure["name"]?.string ?? ""] = figure["value"]?.number }
      // One event of each student before, then 200 a second for two seconds.
      #expect(figures["events published"] == 500 && figures["students compared"] == 100 && figures["queries served"] == 40)
      for name in ["events without a result", "dead letters", "students whose document is wrong", "queries without an answer"] {
        #expect(figures[name] == 0, "\(name)")
      }
      let latency = try #require(root["latencies"]?.elements.first { $0["name"]?.string == "event to result, ms" })
      #expect(latency["count"]?.integer == 400)
    }
    #expect(ended.output.contains("students whose document is wrong"))
  }
}
