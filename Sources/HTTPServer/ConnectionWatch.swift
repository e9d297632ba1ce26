internal import Glibc
internal import Synchronization

/// Ends connections that do not finish in time what they began.
///
/// microhttpd's own timeout starts anew with every byte, so a sender of one byte a second would hold a connection for ever. Each
/// socket has a moment by which its request must be whole; a sweep each second shuts down those that missed it.
final class ConnectionWatch: Sendable {
  private struct State {
    var due: [Int32: ContinuousClock.Instant] = [:]
    var lingering: [(socket: Int32, until: ContinuousClock.Instant)] = []
    var sweeper: Task<Void, Never>?
  }

  private let state = Mutex(State())

  func begin() {
    let sweeper = Task { [weak self] in
      while !Task.isCancelled {
        try? await Task.sleep(for: .seconds(1))
        self?.sweep()
      }
    }
    state.withLock { $0.sweeper = sweeper }
  }

  func end() {
    state.withLock { state in
      state.sweeper?.cancel()
      for (socket, _) in state.lingering { close(socket) }
      state.lingering = []
    }
  }

  /// The socket must reach its next step within so many seconds; nil lifts the limit.
  func expect(_ socket: Int32, within seconds: Int?) {
    let due = seconds.map { ContinuousClock.now + .seconds($0) }
    state.withLock { $0.due[socket] = due }
  }

  /// The socket is about to be closed; microhttpd says so before it closes, so a number in use again is never shut down.
  func forget(_ socket: Int32) {
    state.withLock { $0.due[socket] = nil }
  }

  /// Keeps the connection from being reset once microhttpd closes its socket while a body is still coming in.
  ///
  /// Closing with bytes unread makes the system send a reset, at which the sender's system drops the answer even where it has come. A
  /// second handle on the connection puts that off; at most 256 at one time, so that nobody can use up the handles.
  func linger(_ socket: Int32) {
    state.withLock { state in
      guard state.lingering.count < 256 else { return }
      let second = dup(socket)
      if second >= 0 { state.lingering.append((second, .now + .seconds(2))) }
    }
  }

  private func sweep() {
    let now = ContinuousClock.now
    state.withLock { state in
      for (socket, until) in state.lingering where until < now { close(socket) }
      state.lingering.removeAll { $0.until < now }
      for (socket, due) in state.due where due < now {
        shutdown(socket, Int32(SHUT_RDWR))
        state.due[socket] = nil
      }
    }
  }
}
