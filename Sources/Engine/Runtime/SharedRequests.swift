internal import Synchronization

/// Answers many callers with few requests: what is asked for while enough requests run is asked for together by the next one.
///
/// A caller that meets few others has a request of its own, at once. Callers wait for running requests only as long as these are quick: if
/// none has begun for a while, the next caller begins one whatever runs, and takes along all who wait.
final class SharedRequests<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  /// What a caller does next.
  private enum Turn: Sendable {
    /// Nothing: another caller has asked for it too.
    case done(Value)
    /// Ask, also for these callers.
    case lead([Waiting])
  }

  /// A caller that waits for another one to ask, or for its turn to ask itself.
  private struct Waiting: Sendable {
    let key: Key
    let continuation: CheckedContinuation<Turn, Never>
  }

  private struct State {
    var running = 0
    /// When the last request began, in nanoseconds of the uptime.
    var began: Int64 = 0
    var waiting: [Waiting] = []

    mutating func begin(_ now: Int64, with others: Int) -> [Waiting] {
      began = now
      defer { waiting.removeFirst(min(others, waiting.count)) }
      return Array(waiting.prefix(others))
    }
  }

  private let state = Mutex(State())
  private let atATime: Int
  private let most: Int
  private let patience: Int64

  /// Creates a meeting place of callers.
  ///
  /// - Parameters:
  ///   - atATime: How many requests run at once while they are quick.
  ///   - most: Maximum number of callers that share a request.
  ///   - patience: Milliseconds after which a request is no longer waited for.
  init(atATime: Int, most: Int, patience: Int64) {
    (self.atATime, self.most, self.patience) = (atATime, most, patience * 1_000_000)
  }

  /// Answers a caller, by a request of its own or by that of another one.
  ///
  /// - Parameters:
  ///   - key: What is asked for.
  ///   - uptime: Nanoseconds of a clock that nobody sets.
  ///   - request: Asks for several keys, each once; it returns one value for each, in order.
  /// - Returns: The value of the key.
  func take(_ key: Key, uptime: () -> Int64, _ request: ([Key]) async -> [Value]) async -> Value {
    let turn = await withCheckedContinuation { continuation in
      let others = state.withLock { state -> [Waiting]? in
        let now = uptime()
        guard state.running < atATime || now - state.began >= patience else {
          state.waiting.append(Waiting(key: key, continuation: continuation))
          return nil
        }
        state.running += 1
        return state.begin(now, with: most - 1)
      }
      if let others { continuation.resume(returning: .lead(others)) }
    }
    switch turn {
    case .done(let value): return value
    case .lead(let others): return await lead(key, others, uptime: uptime, request)
    }
  }

  private func lead(_ key: Key, _ others: [Waiting], uptime: () -> Int64, _ request: ([Key]) async -> [Value]) async -> Value {
    var keys = [key]
    var positions = [key: 0]
    for other in others where positions[other.key] == nil {
      positions[other.key] = keys.count
      keys.append(other.key)
    }
    let values = await request(keys)
    handOver(uptime())
    for other in others { other.continuation.resume(returning: .done(values[positions[other.key] ?? 0])) }
    return values[0]
  }

  /// Lets the next callers ask, if some wait.
  private func handOver(_ now: Int64) {
    let next = state.withLock { state -> (leader: Waiting, others: [Waiting])? in
      guard !state.waiting.isEmpty else {
        state.running -= 1
        return nil
      }
      let leader = state.waiting.removeFirst()
      return (leader, state.begin(now, with: most - 1))
    }
    if let next { next.leader.continuation.resume(returning: .lead(next.others)) }
  }
}
