import Foundation
import HTTPServer
import Testing
import WireTesting

@Suite("The built program")
struct BuiltCommandTests {
  private func process(_ arguments: [String], environment: [String: String] = [:]) throws -> Process {
    let process = Process()
    process.executableURL = try builtProgram("mastery-engine")
    process.arguments = arguments
    process.environment = environment
    return process
  }

  @Test("The program does not end with 0 if its output cannot be written")
  func fullOutput() throws {
    for arguments in [["--version"], ["token", "--sub", "ada", "--role", "student"]] {
      let process = try process(arguments, environment: ["ENVIRONMENT": "development"])
      process.standardOutput = try FileHandle(forWritingTo: URL(filePath: "/dev/full"))
      let errors = Pipe()
      process.standardError = errors
      try process.run()
      let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 74)
      #expect(said == "mastery-engine: standard output: No space left on device\n")
    }
  }

  @Test("The program says how far a replay has come when it is interrupted")
  func interruptedReplay() async throws {
    // Nobody answers there, so the replay keeps trying.
    let listener = try ScriptedApplication { _ in HTTPResponse(status: 503) }.serve()
    let file = URL(filePath: NSTemporaryDirectory()).appending(path: "replay-\(UUID().uuidString).jsonl")
    defer { try? FileManager.default.removeItem(at: file) }
    let event =
      #"{"event_type":"quiz","timestamp":"2026-01-05T09:00:00Z","student_id":"ada","data":{"total_questions":2,"correct_answers":1}}"#
    try Data((event + "\n").utf8).write(to: file)
    let process = try process(["replay", file.path, "--sidecar", "http://127.0.0.1:\(listener.port)"])
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    // The first message shows that it is running.
    var said = Data()
    while !String(decoding: said, as: UTF8.self).contains("the next try") {
      let more = errors.fileHandleForReading.availableData
      try #require(!more.isEmpty, "\(String(decoding: said, as: UTF8.self))")
      said.append(more)
    }
    process.interrupt()
    said.append(errors.fileHandleForReading.readDataToEndOfFile())
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    // Another try may be on its way to the terminal.
    #expect(String(decoding: said, as: UTF8.self).contains("mastery-engine: interrupted: 0 events of \(file.path) are published\n"))
    await listener.stop(within: .seconds(1))
  }

  @Test("A replay reads a pipe as often as it needs to, also where no temporary file can be made")
  func pipeWithoutTemporaryFile() async throws {
    let application = ScriptedApplication { _ in HTTPResponse(status: 204) }
    let listener = try application.serve()
    let event =
      #"{"event_type":"quiz","timestamp":"2026-01-05T09:00:00Z","student_id":"ada","data":{"total_questions":2,"correct_answers":1}}"#
    // The second folder is there, and takes no file whoever asks.
    for folder in ["/nowhere/at/all", "/proc"] {
      let process = try process(
        ["replay", "-", "--shift-to-now", "--sidecar", "http://127.0.0.1:\(listener.port)"], environment: ["TMPDIR": folder])
      let (input, errors) = (Pipe(), Pipe())
      process.standardInput = input
      process.standardError = errors
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      try input.fileHandleForWriting.write(contentsOf: Data((event + "\n").utf8))
      try input.fileHandleForWriting.close()
      let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 0, "\(said)")
    }
    #expect(application.requests.count == 2 && application.requests.allSatisfy { String(decoding: $0.body, as: UTF8.self).contains("ada") })
    await listener.stop(within: .seconds(1))
  }

  @Test("The program publishes nothing of a packed file that ends in the middle")
  func cutOffFile() async throws {
    let application = ScriptedApplication { _ in HTTPResponse(status: 204) }
    let listener = try application.serve()
    let file = URL(filePath: NSTemporaryDirectory()).appending(path: "replay-\(UUID().uuidString).jsonl")
    defer { for ending in ["", ".gz"] { try? FileManager.default.removeItem(atPath: file.path + ending) } }
    let lines = (0..<20_000).map { number in
      #"{"event_id":"e-\#(number)","event_type":"quiz","timestamp":"2026-01-05T09:00:00Z","student_id":"s-\#(number * 7_919 % 10_007)","#
        + #""data":{"total_questions":2,"correct_answers":1}}"#
    }
    try Data(lines.joined(separator: "\n").utf8).write(to: file)
    let packing = Process()
    packing.executableURL = URL(filePath: "/bin/gzip")
    packing.arguments = [file.path]
    try packing.run()
    packing.waitUntilExit()
    let whole = try Data(contentsOf: URL(filePath: file.path + ".gz"))
    try whole.prefix(whole.count * 9 / 10).write(to: URL(filePath: file.path + ".gz"))
    let process = try process(["replay", file.path + ".gz", "--sidecar", "http://127.0.0.1:\(listener.port)", "--skip-refused"])
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 66)
    #expect(application.heads.isEmpty)
    await listener.stop(within: .seconds(1))
  }
}
