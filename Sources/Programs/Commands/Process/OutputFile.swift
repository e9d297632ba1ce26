internal import Glibc

/// A file that a command writes.
enum OutputFile {
  /// Writes a text to a file, in place of what stands there.
  ///
  /// - Throws: `CommandFailure.unwritten` with the system's words.
  static func write(_ text: String, to path: String) throws(CommandFailure) {
    guard let file = fopen(path, "w") else { throw .unwritten("\(path): \(String(cString: strerror(errno)))") }
    let isWritten = fputs(text, file) >= 0
    guard fclose(file) == 0, isWritten else { throw .unwritten("\(path): \(String(cString: strerror(errno)))") }
  }

  /// Makes a folder, unless it is there.
  ///
  /// - Throws: `CommandFailure.unwritten` with the system's words.
  static func makeFolder(_ path: String) throws(CommandFailure) {
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw .unwritten("\(path): \(String(cString: strerror(errno)))") }
  }
}
