internal import Glibc
internal import Synchronization

/// Standard output and standard error.
package enum Terminal {
  /// Whether standard error is a terminal.
  package static var showsProgress: Bool { isatty(STDERR_FILENO) == 1 }

  /// The reason why standard output could not be written completely; nil if it was.
  private static let outputFault = Mutex<String?>(nil)

  /// Writes a line to standard output; `outputFailure` reports a failure.
  package static func say(_ line: String) {
    guard let fault = write(line + "\n", to: STDOUT_FILENO) else { return }
    outputFault.withLock { $0 = $0 ?? fault }
  }

  /// Whether standard output could not be written completely since `outputFailure` was last asked.
  static var hasLostOutput: Bool { outputFault.withLock { $0 != nil } }

  /// The reason why standard output could not be written completely since the last call; nil if it was.
  static func outputFailure() -> CommandFailure? {
    let fault = outputFault.withLock { fault in
      defer { fault = nil }
      return fault
    }
    return fault.map { .unwritten("standard output: \($0)") }
  }

  /// A text from elsewhere in one line, with U+FFFD in place of what a terminal would take for an order.
  static func plain(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) ? "\u{FFFD}" : $0 }))
  }

  /// Writes a line to standard error.
  package static func note(_ line: String) { write((showsProgress ? "\r\u{1B}[K" : "") + line + "\n", to: STDERR_FILENO) }

  /// Writes a line to standard error, prefixed with the program's name.
  static func complain(_ line: String, by program: String = "mastery-engine") { note("\(program): \(line)") }

  /// Replaces the current line on standard error.
  package static func progress(_ text: String) { write("\r\(text)\u{1B}[K", to: STDERR_FILENO) }

  /// Writes a complete text.
  ///
  /// - Returns: The reason why not all of it was written; nil if it was.
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
