internal import Dispatch
internal import Glibc

/// Standard input, read line by line on a thread of its own, since reading waits for whoever writes.
final class StandardInput: Sendable {
  /// A line.
  struct Line: Sendable {
    /// The bytes without the line break.
    let bytes: [UInt8]
    fileprivate let room: DispatchSemaphore

    /// Makes room for another line.
    func done() { room.signal() }
  }

  private let limit: Int
  private let room: DispatchSemaphore
  private let found: AsyncStream<Line>.Continuation

  private init(limit: Int, atATime count: Int, found: AsyncStream<Line>.Continuation) {
    (self.limit, self.found, room) = (limit, found, DispatchSemaphore(value: count))
  }

  /// The lines, blank ones left out, until the input ends; one that is too long is cut off.
  ///
  /// - Parameters:
  ///   - limit: Maximum bytes of a line.
  ///   - count: Maximum lines that are not done; no more are read meanwhile.
  /// - Returns: The lines as they come.
  /// - Throws: `CommandFailure.unavailable` if there is no thread for it.
  static func lines(limit: Int, atATime count: Int) throws(CommandFailure) -> AsyncStream<Line> {
    let (lines, found) = AsyncStream<Line>.makeStream()
    let context = Unmanaged.passRetained(StandardInput(limit: limit, atATime: count, found: found))
    var thread = pthread_t()
    guard pthread_create(&thread, nil, readLines, context.toOpaque()) == 0 else {
      context.release()
      throw .unavailable("no thread to read standard input")
    }
    pthread_detach(thread)
    return lines
  }

  /// Reads until the end.
  fileprivate func run() {
    var piece = [UInt8](repeating: 0, count: 64 << 10)
    var line: [UInt8] = []
    while true {
      let count = read(STDIN_FILENO, &piece, piece.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      for part in piece[..<count].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
        if part.offset > 0 { give(&line) }
        // One byte more than allowed tells that it is too long.
        line.append(contentsOf: part.element.prefix(limit + 1 - line.count))
      }
    }
    give(&line)
    found.finish()
  }

  private func give(_ line: inout [UInt8]) {
    if line.contains(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\t") }) {
      room.wait()
      found.yield(Line(bytes: line, room: room))
    }
    line.removeAll()
  }
}

/// The thread's entry; its context is a retained `StandardInput`, released when the thread ends.
private func readLines(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let context else { return nil }
  Unmanaged<StandardInput>.fromOpaque(context).takeRetainedValue().run()
  return nil
}
