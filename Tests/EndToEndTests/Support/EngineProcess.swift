import Foundation
import Testing

/// The built program, run as its users run it.
struct EngineProcess {
  let process: Process
  private let outputFile: URL

  /// The program beside this test bundle.
  static func executable() throws -> URL {
    let arguments = ProcessInfo.processInfo.arguments
    let bundle = arguments.first { $0.hasSuffix(".xctest") || $0.contains(".xctest/") } ?? arguments[0]
    let folder = URL(filePath: bundle.components(separatedBy: ".xctest")[0]).deletingLastPathComponent()
    let file = folder.appending(path: "mastery-engine")
    try #require(FileManager.default.isExecutableFile(atPath: file.path), "\(file.path) is not built")
    return file
  }

  init(_ arguments: [String], environment: [String: String] = [:]) throws {
    process = Process()
    process.executableURL = try Self.executable()
    process.arguments = arguments
    process.environment = environment.merging(["PATH": "/usr/bin:/bin"]) { own, _ in own }
    outputFile = FileManager.default.temporaryDirectory.appending(path: "mastery-engine-\(UUID().uuidString).out")
    _ = FileManager.default.createFile(atPath: outputFile.path, contents: nil)
    let handle = try FileHandle(forWritingTo: outputFile)
    process.standardOutput = handle
    process.standardError = handle
    try process.run()
  }

  /// The service, beside a rig's sidecar.
  static func serve(beside rig: Rig) throws -> EngineProcess {
    try EngineProcess(
      ["serve"],
      environment: [
        "ENVIRONMENT": "development", "APP_PORT": "\(rig.appPort)", "DAPR_HTTP_ENDPOINT": rig.endpoint, "LOG_LEVEL": "warning",
      ])
  }

  /// What it has written so far.
  var output: String { (try? String(contentsOf: outputFile, encoding: .utf8)) ?? "" }

  func kill() {
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// Asks it to stop, as an operator's system does, and answers its exit status.
  func terminate() async -> Int32 {
    process.terminate()
    return await exit()
  }

  /// Waits for its end.
  func exit() async -> Int32 {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        process.waitUntilExit()
        continuation.resume(returning: process.terminationStatus)
      }
    }
  }
}
