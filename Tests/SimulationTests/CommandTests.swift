import Foundation
import Simulation
import Testing
import WireTesting

@testable import mastery_sim

extension SimulationTests {
  @Suite("mastery-sim")
  struct CommandTests {
    private struct Ended {
      let status: Int32
      let output: String
      let errors: String
    }

    private static func run(_ arguments: [String]) async throws -> Ended {
      try await onThread { Result { try wait(arguments) } }.get()
    }

    private static func wait(_ arguments: [String]) throws -> Ended {
      let process = Process()
      process.executableURL = try builtProgram("mastery-sim")
      process.arguments = arguments
      let (output, errors) = (Pipe(), Pipe())
      process.standardOutput = output
      process.standardError = errors
      try process.run()
      let read = try output.fileHandleForReading.readToEnd() ?? Data()
      process.waitUntilExit()
      let complaint = try errors.fileHandleForReading.readToEnd() ?? Data()
      return Ended(
        status: process.terminationStatus, output: String(decoding: read, as: UTF8.self), errors: String(decoding: complaint, as: UTF8.self)
      )
    }

    @Test("mastery-sim prints the same trace of a world in every process", arguments: [UInt64(7), 20, 33])
    func story(_ seed: UInt64) async throws {
      let told = try await Self.run(["--seed", "\(seed)", "--trace"])
      let own = await onThread { Run(Plan(seed: seed), isTold: true) }
      #expect(told.status == 0)
      #expect(told.output == (own.story + ["trace \(String(own.hash, radix: 16)), \(own.steps) steps", ""]).joined(separator: "\n"))
    }

    @Test("mastery-sim counts worlds and faults")
    func sweep() async throws {
      let ended = try await Self.run(["--seeds", "0..<20"])
      #expect(ended.status == 0 && ended.errors.isEmpty)
      #expect(ended.output.contains(/worlds +20\n/) && ended.output.contains(/seeds that broke a law +0\n/))
      #expect(Fault.allCases.allSatisfy { ended.output.contains("  \($0.rawValue) ") })
    }

    @Test("mastery-sim exits with 1 if a law is broken, and prints the seed, the law and a trace")
    func broken() async throws {
      let ended = try await Self.run(["--seeds", "0..<2", "--mistake", "failedIsDropped"])
      #expect(ended.status == 1)
      #expect(ended.errors.contains(/mastery-sim: seed \d+ broke answersAreWhole/))
      #expect(ended.output.contains("the shortest trace") && ended.output.contains("DROP"))
    }

    @Test(
      "mastery-sim exits with 64 on wrong arguments",
      arguments: [
        ["--seeds", "5"], ["--seeds", "5..<5"], ["--seed", "x"], ["--trace"], ["--seed", "1", "--seeds", "0..<2"], ["--mistake", "none"],
        ["--threads", "0"], ["--nothing"], ["operand"],
      ])
    func wrong(_ arguments: [String]) async throws {
      let ended = try await Self.run(arguments)
      #expect(ended.status == 64 && ended.output.isEmpty && ended.errors.hasPrefix("mastery-sim: "))
    }

    @Test("mastery-sim prints its usage, its version and the planted mistakes")
    func help() async throws {
      let help = try await Self.run(["--help"])
      #expect(help.status == 0 && help.output.hasPrefix("usage: mastery-sim [options]"))
      #expect(try await Self.run(["--version"]).output.hasPrefix("mastery-sim "))
      #expect(try await Self.run(["--mistake", "list"]).output.split(separator: "\n").count == Mistake.allCases.count)
    }

    @Test("mastery-sim parses ranges of seeds", arguments: [("0..<10", 0, 10), ("7..<8", 7, 8)])
    func ranges(_ text: String, _ first: UInt64, _ end: UInt64) {
      #expect(SeedRange(text)?.seeds == first..<end)
    }

    @Test(
      "mastery-sim rejects text that is not a range of seeds",
      arguments: ["", "1", "1...2", "2..<1", "5..<5", "-1..<3", "1..<x", "1..<2..<3", "0..<18446744073709551615"])
    func noRanges(_ text: String) { #expect(SeedRange(text) == nil) }
  }
}
