import Foundation

/// Runs a shell block with programs that do nothing but record their arguments.
///
/// The shell itself parses the block, so that words, continuations, pipes and substitutions mean what they mean to readers. It is
/// restricted: a program that is called by a path, or has no stand-in, ends the block.
enum RecordedCommands {
  /// The programs with a stand-in.
  static let programs = [
    "sudo", "swift", "curl", "docker", "kubectl", "dapr", "kafka-configs.sh", "openssl", "mastery-engine",
  ]

  struct Failed: Error, CustomStringConvertible {
    let description: String
  }

  /// Runs a block.
  ///
  /// - Parameter block: The text of the block.
  /// - Returns: The calls, each with its arguments, in no particular order.
  /// - Throws: `Failed` if the shell does not accept the block.
  static func calls(of block: String) throws -> [[String]] {
    let folder = URL(filePath: NSTemporaryDirectory()).appending(path: "commands-\(UUID().uuidString)")
    let (stubs, notes) = (folder.appending(path: "stubs"), folder.appending(path: "notes"))
    for folder in [stubs, notes] { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }
    defer { try? FileManager.default.removeItem(at: folder) }
    for program in programs {
      let file = stubs.appending(path: program)
      // Piped input is read, so that the other end is not stopped.
      let script = """
        #!/bin/sh
        printf '%s\\037' "${0##*/}" "$@" > "$NOTES/$$"
        [ "$*" != 'apply -f -' ] || while read -r line; do :; done

        """
      try Data(script.utf8).write(to: file)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    }
    try FileManager.default.createSymbolicLink(at: stubs.appending(path: "cat"), withDestinationURL: URL(filePath: "/bin/cat"))
    let shell = Process()
    shell.executableURL = URL(filePath: "/bin/bash")
    shell.arguments = ["--restricted", "-euo", "pipefail", "-c", block.replacing(".build/release/mastery-engine", with: "mastery-engine")]
    shell.environment = ["PATH": stubs.path, "NOTES": notes.path]
    shell.currentDirectoryURL = Document.root
    let output = Pipe()
    (shell.standardInput, shell.standardOutput, shell.standardError) = (FileHandle.nullDevice, output, output)
    try shell.run()
    let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    shell.waitUntilExit()
    guard shell.terminationStatus == 0 else { throw Failed(description: "\(block)\n\(said)") }
    return try FileManager.default.contentsOfDirectory(at: notes, includingPropertiesForKeys: nil).map { file in
      try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\u{1F}").dropLast()
    }
  }
}
