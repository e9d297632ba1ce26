internal import DaprClient
internal import JSON
internal import Synchronization

/// A store and a broker in memory, for the sample of the documents.
final class SampleSidecar: Sidecar {
  private struct State {
    var values: [String: (bytes: [UInt8], etag: Int)] = [:]
    var saves = 0
    var published: [(topic: String, event: OutgoingEvent)] = []
  }

  private let state = Mutex(State())

  /// Takes the messages that were published to a topic since it was last asked.
  func take(from topic: String) -> [OutgoingEvent] {
    state.withLock { state in
      let found = state.published.filter { $0.topic == topic }.map(\.event)
      state.published.removeAll { $0.topic == topic }
      return found
    }
  }

  func bulkGet<Value: Sendable>(
    _ keys: [String], context: CallContext, decode: @Sendable (_ key: String, _ value: JSONValue) -> Value
  ) async throws(SidecarFailure) -> [Loaded<Value>] {
    let found = state.withLock { state in keys.map { state.values[$0] } }
    return zip(keys, found).map { key, stored in
      guard let stored else { return Loaded(key: key, state: .missing) }
      let value = try? JSONDocument.parse(stored.bytes) { (root) throws(Never) in decode(key, root) }
      return Loaded(key: key, state: value.map { .value($0, etag: String(stored.etag)) } ?? .failed("must be JSON"))
    }
  }

  // Everything in the sample happens one after the other, so no write meets another.
  func save(_ items: [SaveItem], context: CallContext) async throws(SidecarFailure) {
    state.withLock { state in
      for item in items {
        state.saves += 1
        state.values[item.key] = (item.value, state.saves)
      }
    }
  }

  func delete(_ key: String, etag: String?, context: CallContext) async throws(SidecarFailure) {
    state.withLock { $0.values[key] = nil }
  }

  func transact(_ operations: [StateOperation], context: CallContext) async throws(SidecarFailure) { throw Self.unsupported }

  func publish(
    _ event: OutgoingEvent, to topic: String, through component: String?, context: CallContext
  ) async throws(SidecarFailure) {
    state.withLock { $0.published.append((topic, event)) }
  }

  func publish(_ events: [OutgoingEvent], to topic: String, context: CallContext) async throws(SidecarFailure) -> [Int] {
    state.withLock { state in state.published += events.map { (topic, $0) } }
    return []
  }

  func invoke(_ call: Invocation, context: CallContext) async throws(SidecarFailure) -> InvocationAnswer { throw Self.unsupported }

  func secret(_ name: String, store: String, context: CallContext) async throws(SidecarFailure) -> [String: String] {
    throw Self.unsupported
  }

  func metadata(context: CallContext) async throws(SidecarFailure) -> SidecarMetadata {
    SidecarMetadata(id: "sample", runtimeVersion: "", components: [], subscriptions: [])
  }

  func isReady(context: CallContext) async -> Bool { true }

  private static let unsupported = SidecarFailure.refused(status: 501, code: "SAMPLE", message: "the sample does not need it")
}
