import Commands
import Glibc

/// The file that a report is saved to, opened before there is one.
final class ReportFile {
  private let path: String
  private let descriptor: Int32

  /// Opens it; a former report stays until there is a new one.
  ///
  /// - Throws: `CommandFailure.unwritten` if it cannot be written.
  init(_ path: String) throws(CommandFailure) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .unwritten("--report must be a file that can be written, got \"\(path)\": \(Self.reason)") }
  }

  deinit { close(descriptor) }

  /// Writes a report in place of the former one.
  ///
  /// - Throws: `CommandFailure.unwritten` if it cannot be written.
  func save(_ json: [UInt8]) throws(CommandFailure) {
    var rest = (json + [0x0A])[...]
    guard ftruncate(descriptor, 0) == 0 || errno == EINVAL else { throw .unwritten("\(path): \(Self.reason)") }
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .unwritten("\(path): \(Self.reason)") }
      rest = rest.dropFirst(count)
    }
  }

  private static var reason: String { String(cString: strerror(errno)) }
}
