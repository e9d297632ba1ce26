public import Foundation

/// A program of the package, built beside the test bundle.
///
/// - Throws: `ProgramNotBuilt` if it does not exist.
public func builtProgram(_ name: String) throws -> URL {
  let arguments = ProcessInfo.processInfo.arguments
  let bundle = arguments.first { $0.hasSuffix(".xctest") || $0.contains(".xctest/") } ?? arguments[0]
  let folder = URL(filePath: bundle.components(separatedBy: ".xctest")[0]).deletingLastPathComponent()
  let file = folder.appending(path: name)
  guard FileManager.default.isExecutableFile(atPath: file.path) else { throw ProgramNotBuilt(path: file.path) }
  return file
}

/// A program that a test needs and that does not exist.
public struct ProgramNotBuilt: Error, CustomStringConvertible {
  /// Where it should be.
  public let path: String

  /// What is missing.
  public var description: String { "\(path) is not built" }
}
