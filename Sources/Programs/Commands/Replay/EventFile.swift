internal import CLibc
internal import CZlib
internal import Glibc

/// A source of events: a file or standard input, gzipped or not.
///
/// A file can be read again from its beginning; if that is needed, a source that cannot (a pipe) is first copied to an unnamed file in
/// `TMPDIR`, or in memory where no file can be made there, as in a container with a read-only root.
package struct EventFile: ~Copyable {
  /// The name in messages.
  let name: String
  private let descriptor: Int32

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: The file; `-` is standard input.
  ///   - readsTwice: Whether it is read more than once.
  /// - Throws: `CommandFailure.noInput` if it cannot be opened or copied.
  package init(path: String, readsTwice: Bool) throws(CommandFailure) {
    name = path == "-" ? "standard input" : path
    let opened = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
    guard opened >= 0 else { throw .noInput("\(name): \(String(cString: strerror(errno)))") }
    guard readsTwice, lseek(opened, 0, SEEK_CUR) < 0 else {
      descriptor = opened
      return
    }
    defer { close(opened) }
    descriptor = try Self.unnamed { (write) throws(CommandFailure) in
      let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 1)
      defer { piece.deallocate() }
      while case let count = read(opened, piece.baseAddress, piece.count), count > 0 {
        try write(UnsafeRawBufferPointer(rebasing: piece[..<count]))
      }
    }
  }

  /// Creates a file with the given content.
  ///
  /// - Throws: `CommandFailure.noInput` if the system has no room for it.
  init(name: String, bytes: UnsafeRawBufferPointer) throws(CommandFailure) {
    self.name = name
    descriptor = try Self.unnamed { (write) throws(CommandFailure) in try write(bytes) }
  }

  deinit { close(descriptor) }

  /// A reader that starts at the file's beginning, or at a pipe's present position; only one at a time.
  ///
  /// - Throws: `CommandFailure.noInput` if there is no memory for it.
  package func lines() throws(CommandFailure) -> LineReader {
    lseek(descriptor, 0, SEEK_SET)
    let copy = dup(descriptor)
    guard copy >= 0, let stream = gzdopen(copy, "rb") else {
      close(copy)
      throw .noInput("\(name) cannot be opened once more")
    }
    return LineReader(stream, name: name)
  }

  /// The size of the file in bytes, compressed or not; nil if unknown.
  var size: Int? {
    var facts = stat()
    guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(facts.st_size)
  }

  private typealias Write = (UnsafeRawBufferPointer) throws(CommandFailure) -> Void

  private static func unnamed(_ fill: (Write) throws(CommandFailure) -> Void) throws(CommandFailure) -> Int32 {
    let descriptor = try unnamed(in: SystemEnvironment.value("TMPDIR") ?? "/tmp")
    do {
      try fill { (bytes) throws(CommandFailure) in
        var rest = bytes
        while !rest.isEmpty {
          let count = write(descriptor, rest.baseAddress, rest.count)
          guard count > 0 else {
            throw .noInput("no room for a temporary file: \(String(cString: strerror(errno))); TMPDIR names a folder that has some")
          }
          rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        }
      }
    } catch {
      close(descriptor)
      throw error
    }
    return descriptor
  }

  /// An open file that has no name.
  private static func unnamed(in folder: String) throws(CommandFailure) -> Int32 {
    var path = Array("\(folder)/mastery-engine.XXXXXX".utf8CString)
    let named = mkstemp(&path)
    if named >= 0 {
      unlink(path)
      return named
    }
    let reason = String(cString: strerror(errno))
    let unnamed = shim_memory_file("mastery-engine")
    guard unnamed >= 0 else {
      throw .noInput("no temporary file in \(folder): \(reason); and none in memory: \(String(cString: strerror(errno)))")
    }
    return unnamed
  }
}
