import Foundation
import WireTesting

/// The built program, run as its users run it.
struct EngineProcess {
  /// The sanitizers' options for every process that a test starts.
  private static let watch = ProcessInfo.processInfo.environment.filter {
    ["TSAN_OPTIONS", "ASAN_OPTIONS"].contains($0.key)
  }

  /// The environment of an engine whose memory is measured: the address sanitizer keeps freed memory back, and is told to keep less of it.
  static let measured = [
    "ASAN_OPTIONS": [watch["ASAN_OPTIONS"], "quarantine_size_mb=16"].compactMap { $0 }.joined(separator: ":")
  ]

  /// The most memory that an engine may have, in KiB; the thread sanitizer keeps notes on each byte, which are several times as large.
  static let memoryBound = (watch["TSAN_OPTIONS"] == nil ? 256 : 1_024) << 10

  let process: Process
  private let written: FileHandle

  init(_ arguments: [String], environment: [String: String] = [:]) throws {
    process = Process()
    process.executableURL = try builtProgram("mastery-engine")
    process.arguments = arguments
    process.environment = Self.watch.merging(["PATH": "/usr/bin:/bin"]) { own, _ in own }.merging(environment) { _, own in own }
    // The file loses its name once it is open, so that nothing is left behind, however the test ends.
    let file = FileManager.default.temporaryDirectory.appending(path: "mastery-engine-\(UUID().uuidString).out")
    _ = FileManager.default.createFile(atPath: file.path, contents: nil)
    defer { try? FileManager.default.removeItem(at: file) }
    written = try FileHandle(forUpdating: file)
    process.standardOutput = written
    process.standardError = written
    try process.run()
  }

  /// The service, beside a rig's sidecar.
  static func serve(beside rig: Rig) throws -> EngineProcess { try serve(on: rig.appPort, sidecar: rig.endpoint) }

  static func serve(on port: UInt16, sidecar: String, environment: [String: String] = [:]) throws -> EngineProcess {
    try EngineProcess(
      ["serve"],
      environment: [
        "ENVIRONMENT": "development", "APP_PORT": "\(port)", "DAPR_HTTP_ENDPOINT": sidecar, "LOG_LEVEL": "warning",
        "RATE_LIMIT_ENABLED": "false",
      ].merging(environment) { _, own in own })
  }

  /// What it has written so far.
  var output: String {
    (try? String(contentsOf: URL(filePath: "/proc/self/fd/\(written.fileDescriptor)"), encoding: .utf8)) ?? ""
  }

  func kill() {
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// Freezes it.
  func freeze() { Foundation.kill(process.processIdentifier, SIGSTOP) }

  /// Lets it go on as if nothing had happened.
  func thaw() { Foundation.kill(process.processIdentifier, SIGCONT) }

  /// Asks it to stop, as an operator's system does, and returns its exit status.
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
