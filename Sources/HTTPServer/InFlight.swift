internal import Synchronization

/// Counts the requests that are being worked on and the bytes of their bodies.
final class InFlight: Sendable {
  private struct State {
    var requests = 0
    var bytes = 0
    var waiting: CheckedContinuation<Void, Never>?
  }

  private let state = Mutex(State())
  private let bytesLimit: Int

  init(bytesLimit: Int) {
    self.bytesLimit = bytesLimit
  }

  var count: Int { state.withLock { $0.requests } }

  func began() {
    state.withLock { $0.requests += 1 }
  }

  /// Takes room for bytes of a body; false when there is none left.
  func reserve(_ bytes: Int) -> Bool {
    state.withLock { state in
      guard state.bytes + bytes <= bytesLimit else { return false }
      state.bytes += bytes
      return true
    }
  }

  func ended(reserved bytes: Int) {
    let waiting = state.withLock { state -> CheckedContinuation<Void, Never>? in
      state.requests -= 1
      state.bytes -= bytes
      guard state.requests == 0 else { return nil }
      defer { state.waiting = nil }
      return state.waiting
    }
    waiting?.resume()
  }

  /// Waits until no request is under way, up to a limit; true when none is.
  func settle(within limit: Duration) async -> Bool {
    await withTaskGroup(of: Bool.self) { group in
      group.addTask { await self.wait() }
      group.addTask {
        try? await Task.sleep(for: limit)
        return self.count == 0
      }
      let settled = await group.next() ?? true
      group.cancelAll()
      release()
      return settled
    }
  }

  private func wait() async -> Bool {
    await withCheckedContinuation { continuation in
      let isDone = state.withLock { state in
        guard state.requests > 0 else { return true }
        state.waiting = continuation
        return false
      }
      if isDone { continuation.resume() }
    }
    return count == 0
  }

  /// Lets a waiting `settle` go, so that its task group can end.
  private func release() {
    state.withLock { state -> CheckedContinuation<Void, Never>? in
      defer { state.waiting = nil }
      return state.waiting
    }?.resume()
  }
}
