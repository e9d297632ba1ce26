public import JSON
internal import Synchronization

/// A store and a broker in memory, without a process beside them: for samples, and for measuring what stands in front of them.
///
/// Saves are taken without a look at their ETags, so one writer at a time may use it.
public final class MemorySidecar: Sidecar {
  private struct State {
    var values: [String: (bytes: [UInt8], etag: Int)] = [:]
    var saves = 0
    var published: [(topic: String, event: OutgoingEvent)] = []
  }

  private let state = Mutex(State())
  private let keepsMessages: Bool

  /// Creates an empty store and broker.
  ///
  /// - Parameter keepsMessages: Whether published messages are kept until somebody takes them; otherwise they are gone.
  public init(keepsMessages: Bool = false) { self.keepsMessages = keepsMessages }

  /// Takes the messages that were published to a topic since it was last asked.
  public func take(from topic: String) -> [OutgoingEvent] {
    state.withLock { state in
      let found = state.published.filter { $0.topic == topic }.map(\.event)
      state.published.removeAll { $0.topic == topic }
      return found
    }
  }

  /// Reads values by key.
  public func bulkGet<Value: Sendable>(
    _ keys: [String], context: CallContext, decode: @Sendable (_ key: String, _ value: JSONValue) -> Value
  ) async throws(SidecarFailure) -> [Loaded<Value>] {
    let found = state.withLock { state in keys.map { state.values[$0] } }
    return zip(keys, found).map { key, stored in
      guard let stored else { return Loaded(key: key, state: .missing) }
      let value = try? JSONDocument.parse(stored.bytes) { (root) throws(Never) in decode(key, root) }
      return Loaded(key: key, state: value.map { .value($0, etag: String(stored.etag)) } ?? .failed("must be JSON"))
    }
  }

  /// Saves values, whatever stands there.
  public func save(_ items: [SaveItem], context: CallContext) async throws(SidecarFailure) {
    state.withLock { state in
      for item in items {
        state.saves += 1
        state.values[item.key] = (item.value, state.saves)
      }
    }
  }

  /// Deletes a key.
  public func delete(_ key: String, etag: String?, context: CallContext) async throws(SidecarFailure) {
    state.withLock { $0.values[key] = nil }
  }

  /// Fails: there are no transactions here.
  public func transact(_ operations: [StateOperation], context: CallContext) async throws(SidecarFailure) { throw Self.unsupported }

  /// Keeps a message, if messages are kept.
  public func publish(
    _ event: OutgoingEvent, to topic: String, through component: String?, context: CallContext
  ) async throws(SidecarFailure) {
    if keepsMessages { state.withLock { $0.published.append((topic, event)) } }
  }

  /// Keeps messages, if messages are kept.
  public func publish(_ events: [OutgoingEvent], to topic: String, context: CallContext) async throws(SidecarFailure) -> [Int] {
    if keepsMessages { state.withLock { state in state.published += events.map { (topic, $0) } } }
    return []
  }

  /// Fails: there is no other service.
  public func invoke(_ call: Invocation, context: CallContext) async throws(SidecarFailure) -> InvocationAnswer { throw Self.unsupported }

  /// Fails: there is no secret.
  public func secret(_ name: String, store: String, context: CallContext) async throws(SidecarFailure) -> [String: String] {
    throw Self.unsupported
  }

  /// Says that there is nothing to say.
  public func metadata(context: CallContext) async throws(SidecarFailure) -> SidecarMetadata {
    SidecarMetadata(id: "memory", runtimeVersion: "", components: [], subscriptions: [])
  }

  /// True.
  public func isReady(context: CallContext) async -> Bool { true }

  private static let unsupported = SidecarFailure.refused(status: 501, code: "MEMORY", message: "there is only a store and a broker")
}
