import DaprClient
import JSON
import Synchronization

/// A sidecar that is a dictionary: the cost of the engine with nothing behind it.
final class MemorySidecar: Sidecar {
  private struct State {
    var values: [String: (bytes: [UInt8], etag: Int)] = [:]
    var writes = 0
    var published = 0
    var bytesPublished = 0
  }

  private let state = Mutex(State())

  var published: Int { state.withLock { $0.published } }

  func bulkGet<Value: Sendable>(
    _ keys: [String], context: CallContext, decode: @Sendable (_ key: String, _ value: JSONValue) -> Value
  ) async throws(SidecarFailure) -> [Loaded<Value>] {
    let found = state.withLock { state in keys.map { state.values[$0] } }
    return zip(keys, found).map { key, stored in
      guard let stored else { return Loaded(key: key, state: .missing) }
      let value = try? JSONDocument.parse(stored.bytes) { (root) throws(Never) in decode(key, root) }
      return Loaded(key: key, state: value.map { .value($0, etag: String(stored.etag)) } ?? .failed("not JSON"))
    }
  }

  func save(_ items: [SaveItem], context: CallContext) async throws(SidecarFailure) {
    state.withLock { state in
      for item in items {
        state.writes += 1
        state.values[item.key] = (item.value, state.writes)
      }
    }
  }

  func delete(_ key: String, etag: String?, context: CallContext) async throws(SidecarFailure) {
    state.withLock { $0.values[key] = nil }
  }

  func transact(_ operations: [StateOperation], context: CallContext) async throws(SidecarFailure) {
    throw .refused(status: 501, code: "BENCH", message: "not measured")
  }

  func publish(
    _ event: OutgoingEvent, to topic: String, through component: String?, context: CallContext
  ) async throws(SidecarFailure) {
    state.withLock { $0.published += 1 }
  }

  func publish(_ events: [OutgoingEvent], to topic: String, context: CallContext) async throws(SidecarFailure) -> [Int] {
    state.withLock { state in
      state.published += events.count
      state.bytesPublished += events.reduce(0) { $0 + $1.body.count }
    }
    return []
  }

  func invoke(_ call: Invocation, context: CallContext) async throws(SidecarFailure) -> InvocationAnswer {
    throw .refused(status: 501, code: "BENCH", message: "not measured")
  }

  func secret(_ name: String, store: String, context: CallContext) async throws(SidecarFailure) -> [String: String] { [:] }

  func metadata(context: CallContext) async throws(SidecarFailure) -> SidecarMetadata {
    SidecarMetadata(id: "bench", runtimeVersion: "", components: [], subscriptions: [])
  }

  func isReady(context: CallContext) async -> Bool { true }
}
