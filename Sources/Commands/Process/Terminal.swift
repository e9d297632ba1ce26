internal import Glibc

/// Standard output and standard error.
package enum Terminal {
  /// Whether standard error is read by a person.
  package static var showsProgress: Bool { isatty(STDERR_FILENO) == 1 }

  /// Writes a line to standard output.
  package static func say(_ line: String) { write(line + "\n", to: STDOUT_FILENO) }

  /// Writes a line to standard error.
  package static func note(_ line: String) { write((showsProgress ? "\r\u{1B}[K" : "") + line + "\n", to: STDERR_FILENO) }

  /// Writes a line to standard error, behind the program's name.
  static func complain(_ line: String, by program: String = "mastery-engine") { note("\(program): \(line)") }

  /// Writes to standard error over the line that stands there.
  package static func progress(_ text: String) { write("\r\(text)\u{1B}[K", to: STDERR_FILENO) }

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
