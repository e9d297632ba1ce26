internal import Glibc
internal import Synchronization

/// Ends connections that do not finish in time what they began.
///
/// microhttpd's own timeout starts anew with every byte, so a sender of one byte a second would hold a connection for ever. Each
/// socket has a moment by which its request must be whole; a sweep each second shuts down those that missed it.
final class ConnectionWatch: Sendable {
  private struct Watched {
    var due: ContinuousClock.Instant?
    var isNeighbour: Bool
    /// Whether nothing of a request has come yet, as far as is known here.
    var isIdle = true
  }

  private struct State {
    var sockets: [Int32: Watched] = [:]
    var lingering: [(socket: Int32, until: ContinuousClock.Instant)] = []
    var sweeper: Task<Void, Never>?
  }

  private let state = Mutex(State())
  private let idle: Duration
  private let neighbourIdle: Duration

  /// A watch that grants idle connections so many seconds.
  init(idleSeconds: Int, neighbourIdleSeconds: Int) {
    (idle, neighbourIdle) = (.seconds(idleSeconds), .seconds(neighbourIdleSeconds))
  }

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

  /// A connection has begun and may be idle.
  func begin(_ socket: Int32, isNeighbour: Bool) {
    let due = ContinuousClock.now + (isNeighbour ? neighbourIdle : idle)
    state.withLock { $0.sockets[socket] = Watched(due: due, isNeighbour: isNeighbour) }
  }

  /// The connection has shown that it is a neighbour's.
  func befriend(_ socket: Int32) {
    state.withLock { $0.sockets[socket]?.isNeighbour = true }
  }

  /// The socket must reach its next step within so many seconds; nil lifts the limit.
  func expect(_ socket: Int32, within seconds: Int?) {
    let due = seconds.map { ContinuousClock.now + .seconds($0) }
    state.withLock { state in
      state.sockets[socket]?.due = due
      state.sockets[socket]?.isIdle = false
    }
  }

  /// A request is over: the connection may be idle until the next.
  func rest(_ socket: Int32) {
    let now = ContinuousClock.now
    state.withLock { state in
      guard let isNeighbour = state.sockets[socket]?.isNeighbour else { return }
      state.sockets[socket] = Watched(due: now + (isNeighbour ? neighbourIdle : idle), isNeighbour: isNeighbour)
    }
  }

  /// The socket is about to be closed; microhttpd says so before it closes, so a number in use again is never shut down.
  func forget(_ socket: Int32) {
    state.withLock { $0.sockets[socket] = nil }
  }

  /// Ends the connection that has been idle the longest, none of a neighbour's.
  func endLongestIdleStranger() {
    state.withLock { state in
      let strangers = state.sockets.lazy.filter { $0.value.isIdle && !$0.value.isNeighbour && $0.value.due != nil }
      guard let longest = strangers.min(by: { ($0.value.due ?? .now) < ($1.value.due ?? .now) })?.key else { return }
      shutdown(longest, Int32(SHUT_RDWR))
      state.sockets[longest]?.due = nil
    }
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
      for (socket, watched) in state.sockets {
        guard let due = watched.due, due < now else { continue }
        shutdown(socket, Int32(SHUT_RDWR))
        state.sockets[socket]?.due = nil
      }
    }
  }
}
