public import DaprClient
public import JSON
internal import Synchronization

/// An in-memory sidecar: a store with recorded behaviour, a journal of published events, and scripted faults.
public final class SimulatedSidecar: Sidecar {
  /// An event that the broker accepted.
  public struct Published: Sendable {
    /// Its topic.
    public var topic: String
    /// Its content.
    public var event: OutgoingEvent
    /// The broker component that the call named; nil for the topic's own.
    public var component: String?
  }

  private struct State {
    var published: [Published] = []
    var calls: [SidecarCall] = []
    /// Those of the settings' defaults, and one for the engine's own topics.
    var metadata = SidecarMetadata(
      id: "mastery-engine", runtimeVersion: "simulated",
      components: [
        SidecarMetadata.Component(name: "statestore", type: "state.redis", capabilities: ["ETAG", "TTL"]),
        SidecarMetadata.Component(name: "pubsub", type: "pubsub.kafka"),
        SidecarMetadata.Component(name: "pubsub-own", type: "pubsub.kafka"),
      ], subscriptions: [])
    var invoked: @Sendable (Invocation) -> InvocationAnswer = { _ in InvocationAnswer(status: 404) }
    var script: any CallScript
  }

  /// Its state store.
  public let store: SimulatedStore
  private let state: Mutex<State>
  private let take: (@Sendable (Published) -> Void)?

  /// Creates a sidecar whose calls all succeed.
  public convenience init(store: SimulatedStore = SimulatedStore()) {
    self.init(store: store, script: PlayedScript { _ in .done }, take: nil)
  }

  /// Creates a sidecar that shares its store and its broker with others.
  ///
  /// - Parameters:
  ///   - store: The store.
  ///   - script: Decides the fate of its calls.
  ///   - take: Receives published events; if it is given, no journal is kept.
  init(store: SimulatedStore, script: any CallScript, take: (@Sendable (Published) -> Void)?) {
    self.store = store
    self.take = take
    state = Mutex(State(script: script))
  }

  /// Sets the script that decides the fate of each call; it may wait, and may use the sidecar's own `put`.
  public func play(_ script: @escaping @Sendable (SidecarCall) async -> Fate) {
    state.withLock { $0.script = PlayedScript(play: script) }
  }

  /// Makes every call succeed again.
  public func recover() { play { _ in .done } }

  // MARK: For tests

  /// Changes what the sidecar says of itself: by default it has all components and no subscription.
  public func describe(_ change: (inout SidecarMetadata) -> Void) { state.withLock { change(&$0.metadata) } }

  /// Sets the topics that the metadata reports as subscribed.
  public func subscribed(_ topics: [String]) {
    describe { $0.subscriptions = topics.map { SidecarMetadata.Subscription(component: "pubsub", topic: $0) } }
  }

  /// Sets the pub/sub components that the metadata lists, by name, with their types.
  public func has(_ components: [String: String]) {
    describe { metadata in
      metadata.components.removeAll { $0.type.hasPrefix("pubsub.") }
      metadata.components += components.sorted { $0.key < $1.key }.map { SidecarMetadata.Component(name: $0.key, type: $0.value) }
    }
  }

  /// Sets how invoked services answer; without it every one of them answers 404.
  public func invoked(_ answer: @escaping @Sendable (Invocation) -> InvocationAnswer) { state.withLock { $0.invoked = answer } }

  /// The value at a key.
  public func stored(_ key: String) -> SimulatedStore.Stored? { store.stored(key) }

  /// The keys with a value, in order.
  public var keys: [String] { store.keys }

  /// Writes a value without conditions, as another writer would.
  public func put(_ value: [UInt8], at key: String, as form: StoredForm = .text) { store.put(value, at: key, as: form) }

  /// Everything that the broker accepted, in order.
  public var published: [Published] { state.withLock { $0.published } }

  /// The bodies that the broker accepted for a topic, in order.
  public func published(to topic: String) -> [[UInt8]] {
    published.filter { $0.topic == topic }.map(\.event.body)
  }

  /// All calls, in order.
  public var calls: [SidecarCall] { state.withLock { $0.calls } }

  // MARK: Sidecar

  /// Reads the values of keys.
  ///
  /// - Throws: `SidecarFailure` if the script makes the call fail, or the store or broker refuses it.
  public func bulkGet<Value: Sendable>(
    _ keys: [String], context: CallContext, decode: @Sendable (String, JSONValue) -> Value
  ) async throws(SidecarFailure) -> [Loaded<Value>] {
    let (fate, script) = await fate(of: .load(keys))
    switch fate {
    case .failed(let failure), .late(let failure), .refused(_, let failure): throw failure
    case .done, .answerLost, .partly: break
    }
    let answers = keys.map { fate.spares($0) ? store.answer($0) : nil }
    await script.answering(.load(keys))
    if case .answerLost(let failure) = fate { throw failure }
    // One key can spoil the answer for all others.
    for case .closes? in answers { throw .broken("EOF") }
    for case .spoils? in answers { throw .spoiled("an answer without a body") }
    return zip(keys, answers).map { key, answer in
      Loaded(key: key, state: answer.map { Self.state(of: $0) { decode(key, $0) } } ?? .failed("no answer"))
    }
  }

  /// Reads the value of a single key.
  ///
  /// - Throws: `SidecarFailure` if the script makes the call fail, or the store or broker refuses it.
  public func get<Value: Sendable>(
    _ key: String, context: CallContext, decode: @Sendable (JSONValue) -> Value
  ) async throws(SidecarFailure) -> Loaded<Value>.State {
    let (fate, script) = await fate(of: .load([key]))
    switch fate {
    case .failed(let failure), .late(let failure), .refused(_, let failure): throw failure
    case .done, .answerLost, .partly: break
    }
    let answer = store.answer(key)
    await script.answering(.load([key]))
    if case .answerLost(let failure) = fate { throw failure }
    guard fate.spares(key) else { throw .failed(status: 500, code: "ERR_STATE_GET", message: "no answer") }
    switch answer {
    case .closes: throw .broken("EOF")
    case .spoils(let why, let etag): return .unreadable(why, etag: etag)
    case .unreadable(let why, let etag, let isAloneWithoutETag): return .unreadable(why, etag: isAloneWithoutETag ? nil : etag)
    case .missing, .document: return Self.state(of: answer, decode)
    }
  }

  /// Saves each value whose ETag condition holds.
  ///
  /// - Throws: The first failure; the other values are saved all the same.
  public func save(_ items: [SaveItem], context: CallContext) async throws(SidecarFailure) {
    let failure = try await carryOut(.save(items)) { [store] fate -> SidecarFailure? in
      let failures = items.map { fate.spares($0.key) ? store.save($0) : SimulatedStore.cannotSave }
      if case .refused(_, let failure) = fate { return failure }
      return failures.lazy.compactMap(\.self).first
    }
    if let failure { throw failure }
  }

  /// Deletes a value if its ETag matches.
  ///
  /// - Throws: `SidecarFailure` if the script makes the call fail, or the store or broker refuses it.
  public func delete(_ key: String, etag: String?, context: CallContext) async throws(SidecarFailure) {
    let failure: SidecarFailure? = try await carryOut(.delete(key)) { [store] _ in store.delete(key, etag: etag) }
    if let failure { throw failure }
  }

  /// Performs the operations one by one and rolls nothing back, as Redis does.
  ///
  /// - Throws: `SidecarFailure` if the script makes the call fail, or the store or broker refuses it.
  public func transact(_ operations: [StateOperation], context: CallContext) async throws(SidecarFailure) {
    for operation in operations {
      switch operation {
      case .save(let item): try await save([item], context: context)
      case .delete(let key, let etag): try await delete(key, etag: etag, context: context)
      }
    }
  }

  /// Publishes one event.
  ///
  /// - Throws: `SidecarFailure` if the script makes the call fail, or the store or broker refuses it.
  public func publish(
    _ event: OutgoingEvent, to topic: String, through component: String?, context: CallContext
  ) async throws(SidecarFailure) {
    guard try await publish([event], topic, component).isEmpty else {
      throw .failed(status: 500, code: "ERR_PUBSUB_PUBLISH_MESSAGE", message: "not accepted")
    }
  }

  /// Publishes events, and returns the indices of those that the script leaves out by their partition keys.
  ///
  /// - Throws: `SidecarFailure` if the script makes the call fail, or the store or broker refuses it.
  public func publish(_ events: [OutgoingEvent], to topic: String, context: CallContext) async throws(SidecarFailure) -> [Int] {
    try await publish(events, topic, nil)
  }

  private func publish(_ events: [OutgoingEvent], _ topic: String, _ component: String?) async throws(SidecarFailure) -> [Int] {
    try await carryOut(.publish(topic, events)) { [self] fate in
      let untaken = events.indices.filter { !fate.spares(events[$0].partitionKey ?? "") }
      for (index, event) in events.enumerated() where !untaken.contains(index) {
        note(Published(topic: topic, event: event, component: component))
      }
      return untaken
    }
  }

  /// Answers as the invoked service.
  ///
  /// - Throws: `SidecarFailure` if the script makes the call fail, or the store or broker refuses it.
  public func invoke(_ call: Invocation, context: CallContext) async throws(SidecarFailure) -> InvocationAnswer {
    let answer = state.withLock { $0.invoked }
    return try await carryOut(.other("invoke \(call.app)")) { _ in answer(call) }
  }

  /// Returns no secrets.
  ///
  /// - Throws: `SidecarFailure` if the script makes the call fail, or the store or broker refuses it.
  public func secret(_ name: String, store: String, context: CallContext) async throws(SidecarFailure) -> [String: String] {
    try await carryOut(.other("secret \(name)")) { _ in [:] }
  }

  /// Returns the sidecar's metadata.
  ///
  /// - Throws: `SidecarFailure` if the script makes the call fail, or the store or broker refuses it.
  public func metadata(context: CallContext) async throws(SidecarFailure) -> SidecarMetadata {
    let metadata = state.withLock { $0.metadata }
    return try await carryOut(.other("metadata")) { _ in metadata }
  }

  /// Whether the sidecar is ready: true unless the script makes the call fail.
  public func isReady(context: CallContext) async -> Bool {
    do {
      return try await carryOut(.other("isReady")) { _ in true }
    } catch {
      return false
    }
  }

  // MARK: -

  /// Carries out a call according to its fate.
  private func carryOut<Answer: Sendable>(
    _ call: SidecarCall, _ effect: @escaping @Sendable (Fate) -> Answer
  ) async throws(SidecarFailure) -> Answer {
    let (fate, script) = await fate(of: call)
    switch fate {
    case .failed(let failure): throw failure
    case .late(let failure):
      script.later { _ = effect(.done) }
      throw failure
    case .answerLost(let failure):
      _ = effect(fate)
      await script.answering(call)
      throw failure
    case .done, .partly, .refused:
      let answer = effect(fate)
      await script.answering(call)
      return answer
    }
  }

  private func fate(of call: SidecarCall) async -> (Fate, any CallScript) {
    let script = state.withLock { state in
      if take == nil { state.calls.append(call) }
      return state.script
    }
    return (await script.fate(of: call), script)
  }

  private func note(_ published: Published) {
    if let take { take(published) } else { state.withLock { $0.published.append(published) } }
  }

  /// The state that an answer stands for in an entry of a bulk get.
  private static func state<Value: Sendable>(of answer: StoredAnswer, _ decode: (JSONValue) -> Value) -> Loaded<Value>.State {
    switch answer {
    case .missing: return .missing
    case .document(let text, let etag):
      let value = try? JSONDocument.parse(text) { (root) throws(Never) in decode(root) }
      return value.map { .value($0, etag: etag) } ?? .failed("not JSON")
    case .unreadable(let why, let etag, _), .spoils(let why, let etag): return .unreadable(why, etag: etag)
    case .closes: return .failed("no answer")
    }
  }
}
