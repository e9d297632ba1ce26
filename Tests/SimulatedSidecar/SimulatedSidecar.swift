public import DaprClient
public import JSON
internal import Synchronization

/// A sidecar in memory: state with ETags, a journal of what was published, and faults by script.
public final class SimulatedSidecar: Sidecar {
  /// How the store answers a first write where something stands.
  public enum FirstWrite: Sendable {
    /// 409, as most stores.
    case conflicts
    /// 500, as Redis.
    case fails
  }

  /// A value that stands in the store.
  public struct Stored: Sendable, Hashable {
    /// Its bytes.
    public var value: [UInt8]
    /// Its ETag.
    public var etag: Int
    /// Seconds that it was saved for; nil where nothing was sent.
    public var secondsToLive: Int?
  }

  /// An event that the broker took.
  public struct Published: Sendable {
    /// Where to.
    public var topic: String
    /// What.
    public var event: OutgoingEvent
  }

  private struct State {
    var values: [String: Stored] = [:]
    var published: [Published] = []
    var calls: [SidecarCall] = []
    var lastETag = 0

    mutating func write(_ value: [UInt8], at key: String, secondsToLive: Int?) {
      lastETag += 1
      values[key] = Stored(value: value, etag: lastETag, secondsToLive: secondsToLive)
    }

    /// Writes where the condition holds; true when it did.
    mutating func write(_ item: SaveItem) -> Bool {
      let standing = values[item.key]
      switch item.condition {
      case .always: break
      case .absent: guard standing == nil else { return false }
      case .matches(let etag): guard let standing, "\(standing.etag)" == etag else { return false }
      }
      write(item.value, at: item.key, secondsToLive: item.secondsToLive)
      return true
    }
  }

  private let state = Mutex(State())
  private let script = Mutex<@Sendable (SidecarCall) async -> Fate>({ _ in .done })
  private let firstWrite: FirstWrite

  /// An empty sidecar in which everything succeeds.
  public init(firstWrite: FirstWrite = .conflicts) {
    self.firstWrite = firstWrite
  }

  /// Decides from now on what becomes of each call; the script may wait, and may use the sidecar's own `put` meanwhile.
  public func play(_ script: @escaping @Sendable (SidecarCall) async -> Fate) {
    self.script.withLock { $0 = script }
  }

  /// Every call succeeds again.
  public func recover() { play { _ in .done } }

  // MARK: What a test sees and sets

  /// What stands at a key.
  public func stored(_ key: String) -> Stored? { state.withLock { $0.values[key] } }

  /// The keys that hold something, in order.
  public var keys: [String] { state.withLock { $0.values.keys.sorted() } }

  /// Writes a value past all conditions, as another writer would.
  public func put(_ value: [UInt8], at key: String) {
    state.withLock { $0.write(value, at: key, secondsToLive: nil) }
  }

  /// All that the broker took, in order.
  public var published: [Published] { state.withLock { $0.published } }

  /// The bodies that the broker took for a topic, in order.
  public func published(to topic: String) -> [[UInt8]] {
    published.filter { $0.topic == topic }.map(\.event.body)
  }

  /// All calls, in order.
  public var calls: [SidecarCall] { state.withLock { $0.calls } }

  // MARK: Sidecar

  /// Reads what stands at keys.
  public func load<Value: Sendable>(
    _ keys: [String], context: CallContext, decode: @Sendable (String, JSONValue) -> Value
  ) async throws(SidecarFailure) -> [Loaded<Value>] {
    let fate = await fate(of: .load(keys))
    if case .failed(let failure) = fate { throw failure }
    let loaded = state.withLock { state in
      keys.map { key in
        guard fate.spares(key) else { return Loaded<Value>(key: key, state: .failed("no answer")) }
        return Loaded(key: key, state: state.values[key].map { Self.read($0, key, decode) } ?? .missing)
      }
    }
    if case .answerLost(let failure) = fate { throw failure }
    return loaded
  }

  /// Saves under the conditions of ETags, each value by itself.
  public func save(_ items: [SaveItem], context: CallContext) async throws(SidecarFailure) {
    let fate = await fate(of: .save(items))
    if case .failed(let failure) = fate { throw failure }
    let unsaved = state.withLock { state in
      items.filter { !fate.spares($0.key) || !state.write($0) }
    }
    if case .answerLost(let failure) = fate { throw failure }
    guard let first = unsaved.first else { return }
    guard fate.spares(first.key) else { throw .failed(status: 500, code: "ERR_STATE_SAVE", message: "no answer") }
    throw conflict(with: first.condition)
  }

  /// Deletes under the condition of an ETag.
  public func delete(_ key: String, etag: String?, context: CallContext) async throws(SidecarFailure) {
    let fate = await fate(of: .delete(key))
    if case .failed(let failure) = fate { throw failure }
    let isDeleted = state.withLock { state in
      if let etag, let stored = state.values[key], "\(stored.etag)" != etag { return false }
      state.values[key] = nil
      return true
    }
    if case .answerLost(let failure) = fate { throw failure }
    if !isDeleted { throw conflict(with: .matches(etag ?? "")) }
  }

  /// Writes step by step and rolls nothing back, as Redis does.
  public func transact(_ operations: [StateOperation], context: CallContext) async throws(SidecarFailure) {
    for operation in operations {
      switch operation {
      case .save(let item): try await save([item], context: context)
      case .delete(let key, let etag): try await delete(key, etag: etag, context: context)
      }
    }
  }

  /// Publishes one event.
  public func publish(_ event: OutgoingEvent, to topic: String, context: CallContext) async throws(SidecarFailure) {
    guard try await publish([event], to: topic, context: context).isEmpty else {
      throw .failed(status: 500, code: "ERR_PUBSUB_PUBLISH_MESSAGE", message: "not taken")
    }
  }

  /// Publishes events; those of keys that the script leaves out are not taken.
  public func publish(_ events: [OutgoingEvent], to topic: String, context: CallContext) async throws(SidecarFailure) -> [Int] {
    let fate = await fate(of: .publish(topic, events))
    if case .failed(let failure) = fate { throw failure }
    let untaken = events.indices.filter { !fate.spares(events[$0].partitionKey ?? "") }
    state.withLock { state in
      for (place, event) in events.enumerated() where !untaken.contains(place) {
        state.published.append(Published(topic: topic, event: event))
      }
    }
    if case .answerLost(let failure) = fate { throw failure }
    return untaken
  }

  /// Answers 404: nobody else is there.
  public func invoke(_ call: Invocation, context: CallContext) async throws(SidecarFailure) -> InvocationAnswer {
    try await other("invoke \(call.app)")
    return InvocationAnswer(status: 404)
  }

  /// There are no secrets.
  public func secret(_ name: String, store: String, context: CallContext) async throws(SidecarFailure) -> [String: String] {
    try await other("secret \(name)")
    return [:]
  }

  /// Describes itself.
  public func metadata(context: CallContext) async throws(SidecarFailure) -> SidecarMetadata {
    try await other("metadata")
    return SidecarMetadata(id: "mastery-engine", runtimeVersion: "simulated", components: [], subscribedTopics: [])
  }

  /// True unless the script says otherwise.
  public func isReady(context: CallContext) async -> Bool {
    if case .failed = await fate(of: .other("isReady")) { false } else { true }
  }

  // MARK: -

  private func other(_ name: String) async throws(SidecarFailure) {
    if case .failed(let failure) = await fate(of: .other(name)) { throw failure }
  }

  private func fate(of call: SidecarCall) async -> Fate {
    state.withLock { $0.calls.append(call) }
    return await script.withLock { $0 }(call)
  }

  private func conflict(with condition: SaveItem.Condition) -> SidecarFailure {
    if case .absent = condition, case .fails = firstWrite {
      return .failed(status: 500, code: "ERR_STATE_SAVE", message: "failed to set value")
    }
    return .conflict(code: "ERR_STATE_SAVE", message: "possible etag mismatch")
  }

  private static func read<Value: Sendable>(
    _ stored: Stored, _ key: String, _ decode: (String, JSONValue) -> Value
  ) -> Loaded<Value>.State {
    do {
      return try JSONDocument.parse(stored.value) { (root) throws(Never) in .value(decode(key, root), etag: "\(stored.etag)") }
    } catch {
      // What is no JSON comes out of the sidecar as a string.
      var writer = JSONWriter()
      writer.string(String(decoding: stored.value, as: UTF8.self))
      let text = try? JSONDocument.parse(writer.bytes) { (root) throws(Never) in decode(key, root) }
      return text.map { .value($0, etag: "\(stored.etag)") } ?? .failed("no JSON")
    }
  }
}
