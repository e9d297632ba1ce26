internal import Synchronization

/// Counts the requests in progress and the bytes of their bodies.
final class InFlight: Sendable {
  private struct State {
    var requests = 0
    var bytes = 0
    /// The bytes of the common share among them.
    var commonBytes = 0
    /// The bytes of large answers that are on their way out.
    var answerBytes = 0
    var waiting: CheckedContinuation<Bool, Never>?
    var timer: Task<Void, Never>?
  }

  private let state = Mutex(State())
  private let bytesLimit: Int
  private let commonLimit: Int
  private let answersLimit: Int

  init(bytesLimit: Int) {
    self.bytesLimit = bytesLimit
    // The other half is the neighbour's, whatever callers send.
    commonLimit = bytesLimit / 2
    answersLimit = bytesLimit / 2
  }

  var count: Int { state.withLock { $0.requests } }

  func began() {
    state.withLock { $0.requests += 1 }
  }

  /// Reserves room for bytes of a body.
  ///
  /// - Parameters:
  ///   - bytes: How many.
  ///   - share: Whose room it is.
  ///   - isLarge: Whether the body is one of those that leave a quarter of the room to others.
  /// - Returns: False if there is none left.
  func reserve(_ bytes: Int, of share: HTTPBodyShare = .neighbour, isLarge: Bool = false) -> Bool {
    state.withLock { state in
      guard state.bytes + bytes <= (isLarge ? bytesLimit / 4 * 3 : bytesLimit) else { return false }
      if share == .common {
        guard state.commonBytes + bytes <= commonLimit else { return false }
        state.commonBytes += bytes
      }
      state.bytes += bytes
      return true
    }
  }

  /// Returns the room of a body that is needed no more, though its request is still in progress.
  func release(_ bytes: Int, of share: HTTPBodyShare) {
    state.withLock { state in
      state.bytes -= bytes
      if share == .common { state.commonBytes -= bytes }
    }
  }

  /// Counts the bytes of a large answer that is on its way out; a negative number once it is over.
  ///
  /// - Returns: Whether all large answers are within their limit.
  @discardableResult
  func addAnswer(_ bytes: Int) -> Bool {
    state.withLock { state in
      state.answerBytes += bytes
      return state.answerBytes <= answersLimit
    }
  }

  func ended(reserved bytes: Int, of share: HTTPBodyShare = .neighbour) {
    let isLast = state.withLock { state in
      state.requests -= 1
      state.bytes -= bytes
      if share == .common { state.commonBytes -= bytes }
      return state.requests == 0
    }
    if isLast { release(settled: true) }
  }

  /// Waits until no request is in flight, up to a limit; true if none is.
  ///
  /// One caller at a time: a server stops once.
  func settle(within limit: Duration) async -> Bool {
    await withCheckedContinuation { continuation in
      let isDone = state.withLock { state in
        guard state.requests > 0 else { return true }
        state.waiting = continuation
        // Begun once somebody waits, so that it can't pass before; a cancelled one must not release the next waiter.
        state.timer = Task {
          do { try await Task.sleep(for: limit) } catch { return }
          self.release(settled: false)
        }
        return false
      }
      if isDone { continuation.resume(returning: true) }
    }
  }

  /// Resumes a waiting `settle`.
  private func release(settled: Bool) {
    let (waiting, timer) = state.withLock { state in
      defer { (state.waiting, state.timer) = (nil, nil) }
      return (state.waiting, state.timer)
    }
    timer?.cancel()
    waiting?.resume(returning: settled)
  }
}
