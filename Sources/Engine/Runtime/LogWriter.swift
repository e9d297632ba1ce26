internal import Glibc
internal import Synchronization

/// Writes log lines to a file that may be full, or a pipe that nobody reads, without blocking the service.
///
/// A line not accepted within half a second is lost and counted; from then on lines do not wait until one is accepted again. A mandatory
/// line is buffered instead, and callers check before they cause such lines.
final class LogWriter: Sendable {
  private struct State {
    /// Bytes not written yet: the rest of a line, and mandatory lines.
    var left: [UInt8] = []
    var isStuck = false
    /// Number of lines lost since the last accepted one.
    var lost = 0
  }

  private let state = Mutex(State())
  private let descriptor: Int32
  /// Whether a write may block, as to a full pipe.
  private let mayWait: Bool

  /// Milliseconds that the first blocked line waits.
  private static let patience: Int32 = 500
  /// Bytes that a pipe accepts without blocking once it reports to be writable.
  private static let atOnce = 4_096

  /// Creates a writer to an open file.
  init(descriptor: Int32) {
    self.descriptor = descriptor
    var facts = stat()
    mayWait = fstat(descriptor, &facts) != 0 || facts.st_mode & S_IFMT != S_IFREG
  }

  /// Whether lines cannot be written now; tries to flush.
  var isStuck: Bool { state.withLock { !flush(&$0) } }

  /// Writes a line.
  ///
  /// - Parameters:
  ///   - line: The line with its line break.
  ///   - isBinding: Whether the line is mandatory.
  /// - Returns: Number of lines lost before this one that have not been reported yet.
  func write(_ line: [UInt8], isBinding: Bool) -> Int {
    state.withLock { state in
      let isFree = flush(&state)
      guard isFree || isBinding else {
        state.lost += 1
        return 0
      }
      state.left.append(contentsOf: line)
      guard isFree else { return 0 }
      guard flush(&state) else {
        // If no byte of it has been written, dropping it loses only this line.
        if !isBinding, state.left.count == line.count {
          state.left = []
          state.lost += 1
        }
        return 0
      }
      defer { state.lost = 0 }
      return state.lost
    }
  }

  /// Writes the buffered bytes; false if they are not accepted.
  private func flush(_ state: inout State) -> Bool {
    var written = 0
    while written < state.left.count {
      guard takes(within: state.isStuck ? 0 : Self.patience), let count = pass(state.left[written...]) else {
        state.isStuck = true
        state.left.removeFirst(written)
        return false
      }
      written += count
    }
    // After a lost line the buffer is empty, so only a poll can tell whether the file accepts data again.
    if written == 0, state.isStuck, !takes(within: 0) { return false }
    if written > 0 { state.left.removeAll(keepingCapacity: state.left.count < Self.atOnce) }
    state.isStuck = false
    return true
  }

  private func takes(within milliseconds: Int32) -> Bool {
    guard mayWait else { return true }
    var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return poll(&waiting, 1, milliseconds) > 0 && waiting.revents & Int16(POLLOUT) != 0
  }

  /// Number of bytes written; nil if none are accepted.
  private func pass(_ bytes: ArraySlice<UInt8>) -> Int? {
    let count = bytes.prefix(mayWait ? Self.atOnce : bytes.count).withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    if count < 0, errno == EINTR { return 0 }
    return count > 0 ? count : nil
  }
}
