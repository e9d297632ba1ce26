public import Foundation
import Testing

/// A program of the package, built beside the test bundle.
///
/// - Throws: when it is not there.
public func builtProgram(_ name: String) throws -> URL {
  let arguments = ProcessInfo.processInfo.arguments
  let bundle = arguments.first { $0.hasSuffix(".xctest") || $0.contains(".xctest/") } ?? arguments[0]
  let folder = URL(filePath: bundle.components(separatedBy: ".xctest")[0]).deletingLastPathComponent()
  let file = folder.appending(path: name)
  try #require(FileManager.default.isExecutableFile(atPath: file.path), "\(file.path) is not built")
  return file
}
