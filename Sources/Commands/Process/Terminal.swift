internal import Glibc
internal import Synchronization

/// Standard output and standard error.
package enum Terminal {
  /// Whether standard error is read by a person.
  package static var showsProgress: Bool { isatty(STDERR_FILENO) == 1 }

  /// Why standard output did not take all that was said; nil where it did.
  private static let outputFault = Mutex<String?>(nil)

  /// Writes a line to standard output; `outputFailure` tells when it did not take it.
  package static func say(_ line: String) {
    guard let fault = write(line + "\n", to: STDOUT_FILENO) else { return }
    outputFault.withLock { $0 = $0 ?? fault }
  }

  /// Why standard output did not take all that was said since this was asked last; nil where it did.
  static func outputFailure() -> CommandFailure? {
    let fault = outputFault.withLock { fault in
      defer { fault = nil }
      return fault
    }
    return fault.map { .unwritten("standard output: \($0)") }
  }

  /// Writes a line to standard error.
  package static func note(_ line: String) { write((showsProgress ? "\r\u{1B}[K" : "") + line + "\n", to: STDERR_FILENO) }

  /// Writes a line to standard error, behind the program's name.
  static func complain(_ line: String, by program: String = "mastery-engine") { note("\(program): \(line)") }

  /// Writes to standard error over the line that stands there.
  package static func progress(_ text: String) { write("\r\(text)\u{1B}[K", to: STDERR_FILENO) }

  /// Writes all of a text.
  ///
  /// - Returns: Why not all of it was taken; nil where it was.
  @discardableResult
  private static func write(_ text: String, to descriptor: Int32) -> String? {
    var text = text
    return text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while let start = rest.baseAddress, !rest.isEmpty {
        let count = Glibc.write(descriptor, start, rest.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return String(cString: strerror(errno)) }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
      }
      return nil
    }
  }
}
