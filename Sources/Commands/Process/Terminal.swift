internal import Glibc

/// Standard output and standard error.
enum Terminal {
  /// Whether standard error is read by a person.
  static var showsProgress: Bool { isatty(STDERR_FILENO) == 1 }

  /// Writes a line to standard output.
  static func say(_ line: String) { write(line + "\n", to: STDOUT_FILENO) }

  /// Writes a line to standard error.
  static func note(_ line: String) { write((showsProgress ? "\r\u{1B}[K" : "") + line + "\n", to: STDERR_FILENO) }

  /// Writes a line to standard error, behind the program's name.
  static func complain(_ line: String) { note("mastery-engine: \(line)") }

  /// Writes to standard error over the line that stands there.
  static func progress(_ text: String) { write("\r\(text)\u{1B}[K", to: STDERR_FILENO) }

  private static func write(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while let start = rest.baseAddress, !rest.isEmpty {
        let count = Glibc.write(descriptor, start, rest.count)
        guard count > 0 else { return }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
      }
    }
  }
}
