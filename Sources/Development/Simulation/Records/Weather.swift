internal import Synchronization

/// What is down, and until when, in milliseconds since 1970.
final class Weather: Sendable {
  private struct State {
    var store: Int64 = 0
    var broker: Int64 = 0
    var sidecars: [Int: Int64] = [:]
    var ended: [Int: Int64] = [:]
    var refused: [String: Int64] = [:]
    var failing: [String: Int64] = [:]
  }

  private let state = Mutex(State())

  func storeIsDown(until end: Int64) { state.withLock { $0.store = max($0.store, end) } }
  func brokerIsDown(until end: Int64) { state.withLock { $0.broker = max($0.broker, end) } }
  func sidecarIsDown(of replica: Int, until end: Int64) { state.withLock { $0.sidecars[replica] = end } }
  /// Stops a replica's sidecar: its API is closed and it delivers nothing until another one takes its place.
  func sidecarEnds(of replica: Int, until end: Int64) {
    sidecarIsDown(of: replica, until: end)
    state.withLock { $0.ended[replica] = end }
  }
  func refuses(_ key: String, until end: Int64) { state.withLock { $0.refused[key] = end } }
  func fails(_ key: String, until end: Int64) { state.withLock { $0.failing[key] = max($0.failing[key, default: 0], end) } }

  func isStoreDown(_ now: Int64) -> Bool { state.withLock { now < $0.store } }
  func isBrokerDown(_ now: Int64) -> Bool { state.withLock { now < $0.broker } }
  func isSidecarDown(of replica: Int, _ now: Int64) -> Bool { state.withLock { now < $0.sidecars[replica, default: 0] } }

  func hasSidecarEnded(of replica: Int, _ now: Int64) -> Bool { state.withLock { now < $0.ended[replica, default: 0] } }

  /// The keys among these whose documents the store refuses.
  func refused(among keys: [String], _ now: Int64) -> Set<String> {
    state.withLock { state in Set(keys.filter { now < state.refused[$0, default: 0] }) }
  }

  /// The keys among these that cannot be read.
  func failing(among keys: [String], _ now: Int64) -> Set<String> {
    state.withLock { state in Set(keys.filter { now < state.failing[$0, default: 0] }) }
  }
}
