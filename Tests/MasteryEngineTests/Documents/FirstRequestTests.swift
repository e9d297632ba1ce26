import Foundation
import Testing
import WireTesting

@testable import Commands

@Suite("The README's first request", .serialized)
struct FirstRequestTests {
  /// A running program or shell, and its output.
  private struct Run {
    let process = Process()
    let output = Pipe()

    init(_ program: URL, _ arguments: [String]) throws {
      process.executableURL = program
      process.arguments = arguments
      process.environment = ["PATH": "/usr/bin:/bin"]
      process.currentDirectoryURL = Document.root
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = output
      process.standardError = FileHandle.nullDevice
      try process.run()
    }

    /// Its whole output and its status, once it has ended.
    func ended() -> (text: String, status: Int32) {
      let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      return (text, process.terminationStatus)
    }
  }

  private static let section = "A first request"

  /// The arguments of `dev` in a block, with the test's own ports.
  private func dev(_ block: Document.Block, _ ports: DevPorts, _ more: [String] = []) throws -> Run {
    let call = try #require(try RecordedCommands.calls(of: block.text).first { $0.first == "swift" })
    try #require(call.prefix(5) == ["swift", "run", "-c", "release", "mastery-engine"])
    return try Run(
      builtProgram("mastery-engine"), call.dropFirst(5) + ["--port", "\(ports.sidecar)", "--app-port", "\(ports.app)"] + more)
  }

  /// The output of a shell block, run against the service's port here.
  private func answer(_ block: String, _ ports: DevPorts) throws -> String {
    let address = "http://127.0.0.1:\(ports.app)"
    let script = block.replacing("http://127.0.0.1:8005", with: address)
      .replacing(".build/release/mastery-engine", with: try builtProgram("mastery-engine").path)
      .replacing("student ada", with: "student ada --engine \(address)")
    let run = try Run(URL(filePath: "/bin/bash"), ["-euo", "pipefail", "-c", script]).ended()
    try #require(run.status == 0, "\(script): \(run.text)")
    return run.text
  }

  /// A JSON text in one line, with one word for each id and each time.
  private func comparable(_ text: String) -> String {
    text.split(separator: "\n").map { $0.drop { $0 == " " } }.joined()
      .replacing(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, with: "ID")
      .replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/, with: "TIME")
  }

  @Test("Each call of the README gets the answer below it, and a token shows only its bearer's data")
  func answers() async throws {
    let blocks = try Document("README.md").blocks.filter { $0.section == Self.section }
    try #require(blocks.map(\.language) == ["sh", "sh", "json", "sh", "json", "sh"])
    let ports = try DevPorts(sidecar: reservedPort(), app: reservedPort())
    let service = try dev(blocks[0], ports)
    defer {
      service.process.terminate()
      service.process.waitUntilExit()
    }
    // It prints the invitation as soon as it can be called.
    try #require(String(decoding: service.output.fileHandleForReading.availableData, as: UTF8.self).contains("127.0.0.1:\(ports.app)"))
    #expect(comparable(try answer(blocks[1].text, ports)) == comparable(blocks[2].text))
    var shown = try answer(blocks[3].text, ports)
    for _ in 0..<300 where shown.contains("NOT_FOUND") {
      try await Task.sleep(for: .milliseconds(100))
      shown = try answer(blocks[3].text, ports)
    }
    #expect(comparable(shown) == comparable(blocks[4].text))
    let last = try answer(blocks[5].text, ports)
    #expect(last.hasPrefix(#"{"success":true,"data":{"student_id":"ada","#))
    #expect(last.contains("ada   0.370 beginner"))
    let other = try answer(blocks[5].text.replacing(#""student_id":"ada""#, with: #""student_id":"bob""#), ports)
    #expect(other.hasPrefix(#"{"success":false,"error":{"code":"FORBIDDEN""#))
  }

  @Test("The README's demo command shows the students of the sample")
  func demo() throws {
    let block = try #require(try Document("README.md").blocks.first)
    let ports = try DevPorts(sidecar: reservedPort(), app: reservedPort())
    let run = try dev(block, ports, ["--once"]).ended()
    #expect(run.status == 0)
    #expect(run.text.contains("\n420 students: beginner "))
  }
}
