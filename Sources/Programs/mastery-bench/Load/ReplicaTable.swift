import HTTPClient
import Synchronization

/// The engine's replicas as a gateway sees them: those whose readiness probe succeeds are called in turn.
final class ReplicaTable: Sendable {
  private struct State {
    var ready: [UInt16]
    var turn = 0
  }

  /// As often as the Deployment's readiness probe asks.
  private static let period = Duration.seconds(2)

  private let ports: [UInt16]
  private let state: Mutex<State>

  init(_ ports: [UInt16]) {
    self.ports = ports
    state = Mutex(State(ready: ports))
  }

  /// The next replica to call; nil if none is ready.
  func next() -> UInt16? {
    state.withLock { state in
      guard !state.ready.isEmpty else { return nil }
      state.turn = (state.turn + 1) % state.ready.count
      return state.ready[state.turn]
    }
  }

  /// Probes the replicas until the task is cancelled.
  func watch(_ client: HTTPClient) async {
    while !Task.isCancelled {
      for port in ports {
        let answer = try? await client.send(HTTPCall("GET", "http://127.0.0.1:\(port)/ready?scope=process", deadline: 2_000))
        state.withLock { state in
          state.ready.removeAll { $0 == port }
          if answer?.status == 200 { state.ready.append(port) }
        }
      }
      try? await Task.sleep(for: Self.period)
    }
  }
}
