internal import Glibc
internal import Synchronization

/// Writes log lines to a file that may be full, or a pipe that may not be read, without being held up by that.
///
/// A line that nobody takes within half a second is lost and counted; from then on no line waits until one is taken again. A line that
/// must not be missing is kept instead, and who is about to cause such lines asks before.
final class LogWriter: Sendable {
  private struct State {
    /// What was not taken yet: the rest of a line, and lines that must not be missing.
    var left: [UInt8] = []
    var isStuck = false
    /// Lines that were lost since one was taken.
    var lost = 0
  }

  private let state = Mutex(State())
  private let descriptor: Int32
  /// Whether writing may wait, as for a pipe that is full.
  private let mayWait: Bool

  /// Milliseconds that the first line waits which is not taken.
  private static let patience: Int32 = 500
  /// Bytes that a pipe takes without waiting where it says that it takes any.
  private static let atOnce = 4_096

  /// A writer to an open file.
  init(descriptor: Int32) {
    self.descriptor = descriptor
    var facts = stat()
    mayWait = fstat(descriptor, &facts) != 0 || facts.st_mode & S_IFMT != S_IFREG
  }

  /// Whether lines are not taken now; it tries.
  var isStuck: Bool { state.withLock { !flush(&$0) } }

  /// Writes a line.
  ///
  /// - Parameters:
  ///   - line: The line with its end.
  ///   - isBinding: Whether it must not be missing.
  /// - Returns: How many lines were lost before this one, and not told yet.
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
        // Of what nobody has begun to take, nothing is missed but the line itself.
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

  /// Writes what is left; false where it is not taken.
  private func flush(_ state: inout State) -> Bool {
    var place = 0
    while place < state.left.count {
      guard takes(within: state.isStuck ? 0 : Self.patience), let count = pass(state.left[place...]) else {
        state.isStuck = true
        state.left.removeFirst(place)
        return false
      }
      place += count
    }
    // A line that was lost leaves nothing behind that would find out.
    if place == 0, state.isStuck, !takes(within: 0) { return false }
    if place > 0 { state.left.removeAll(keepingCapacity: state.left.count < Self.atOnce) }
    state.isStuck = false
    return true
  }

  private func takes(within milliseconds: Int32) -> Bool {
    guard mayWait else { return true }
    var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return poll(&waiting, 1, milliseconds) > 0 && waiting.revents & Int16(POLLOUT) != 0
  }

  /// Bytes that were taken; nil where they are not.
  private func pass(_ bytes: ArraySlice<UInt8>) -> Int? {
    let count = bytes.prefix(mayWait ? Self.atOnce : bytes.count).withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    if count < 0, errno == EINTR { return 0 }
    return count > 0 ? count : nil
  }
}
