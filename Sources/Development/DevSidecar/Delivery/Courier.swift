internal import Synchronization

/// Drives the brokers: accepts publications, delivers batches to the app, and asks the app for its subscriptions.
final class Courier: Sendable {
  /// How far the sidecar's shutdown is.
  enum Ending: Comparable, Sendable {
    case notYet
    /// Nothing is accepted any more; deliveries with the app still count.
    case draining
    /// Bulk deliveries are cut off: the app's answers to them no longer count.
    case cutOff
    case over
  }

  struct State {
    var broker: Broker
    var journal: Journal?
    var random = RandomBits()
    /// When the next wake-up is set for; nil if none is.
    var alarm: Int64?
    /// Single deliveries that are with the app.
    var singles = 0
    var ending = Ending.notYet
    var isAsking = false
    var waitingForIdle: [CheckedContinuation<Void, Never>] = []

    /// Callers that wait until no message waits.
    mutating func takeIdlers() -> [CheckedContinuation<Void, Never>] {
      guard broker.undelivered == 0 || ending == .over else { return [] }
      defer { waitingForIdle = [] }
      return waitingForIdle
    }
  }

  let state: Mutex<State>
  let app: App?
  let faults: Faults
  /// What deliveries cost; nil lets them take their real time.
  let cores: Cores?
  /// How long the app may take for a delivery of each component, in milliseconds.
  let deadlines: [Int]
  /// How each component reads and writes Avro.
  let wires: [String: AvroWire]
  private let components: [String: PubSubComponent]
  private let onPublish: (@Sendable (String, [UInt8]) -> Void)?
  private let onNote: (@Sendable (String) -> Void)?

  /// A courier of components that begins with the journal's content.
  ///
  /// - Parameters:
  ///   - components: The components, each with its resiliency settings.
  ///   - wires: How they read and write Avro, by their names.
  ///   - journal: Where undelivered messages are written down; nil keeps them in memory.
  ///   - app: The receiver of the messages; nil if there is none.
  ///   - faults: Deliberate faults.
  ///   - cores: What deliveries cost; nil for nothing.
  ///   - onPublish: Sees each accepted message.
  ///   - onNote: Sees why messages do not reach the app.
  /// - Throws: `DatabaseFailure` if the journal cannot be read.
  init(
    _ components: [(component: PubSubComponent, resiliency: Resiliency.Target)], wires: [String: AvroWire], journal: Journal?, app: App?,
    faults: Faults, cores: Cores?, onPublish: (@Sendable (String, [UInt8]) -> Void)?, onNote: (@Sendable (String) -> Void)?
  ) throws(DatabaseFailure) {
    var broker = Broker(components.map { ($0.component, $0.resiliency.inboundRetry) })
    try journal?.restore(&broker, now: Clock.steady())
    // Without an app nobody ever subscribes.
    if app == nil { _ = broker.subscribe([], now: Clock.steady()) }
    state = Mutex(State(broker: broker, journal: journal))
    self.components = Dictionary(components.map { ($0.component.name, $0.component) }) { first, _ in first }
    self.app = app
    self.faults = faults
    self.cores = cores
    self.onPublish = onPublish
    self.onNote = onNote
    self.wires = wires
    deadlines = components.map { $0.resiliency.inboundTimeout.map { Int($0) } ?? 60_000 }
  }

  // MARK: Publishing

  /// What happens to published messages.
  enum Acceptance: Hashable {
    case taken
    /// The ones at these indices are too large, and the others are accepted.
    case tooLarge([Int])
    /// The broker is full, or cannot write them down.
    case refused
    /// They came without bodies, and a subscriber has appeared.
    case bodiesWanted
  }

  /// The component with that name; nil if there is none.
  func component(_ name: String) -> PubSubComponent? { components[name] }

  /// Whether anybody sees the bodies of messages that a component publishes to a topic.
  func wants(_ topic: String, from component: PubSubComponent) -> Bool {
    onPublish != nil || component.retains || state.withLock { $0.broker.keeps(topic, from: component.name) }
  }

  /// Accepts messages that a component publishes to a topic.
  func publish(_ messages: [Message], to topic: String, from component: PubSubComponent, haveBodies: Bool) -> Acceptance {
    let large = messages.indices.filter { messages[$0].body.count > component.messageLimit }
    let fitting = large.isEmpty ? messages : messages.filter { $0.body.count <= component.messageLimit }
    let acceptance = state.withLock { state -> Acceptance in
      guard haveBodies || !state.broker.keeps(topic, from: component.name) else { return .bodiesWanted }
      guard state.ending < .over else { return .refused }
      guard let copies = state.broker.accept(fitting, to: topic, from: component.name, wall: Clock.wall()) else { return .refused }
      do {
        try Self.record(copies, fitting, of: topic, from: component, in: state)
      } catch {
        return .refused
      }
      state.broker.enqueue(copies, now: Clock.steady())
      if let onPublish { for message in fitting { onPublish(topic, message.body) } }
      return large.isEmpty ? .taken : .tooLarge(large)
    }
    if acceptance != .refused { pump() }
    return acceptance
  }

  private static func record(
    _ copies: [Settlement.Copy], _ messages: [Message], of topic: String, from component: PubSubComponent, in state: State
  ) throws(DatabaseFailure) {
    guard let journal = state.journal, component.retains || !copies.isEmpty else { return }
    try journal.record(
      copies, of: topic, from: component.name, offsets: state.broker.offsets(of: topic, from: component.name),
      retained: component.retains ? messages.map(\.body) : [])
  }

  // MARK: Watching

  /// Tells why messages do not reach the app.
  func note(_ text: String) { onNote?(text) }

  var statistics: [String: TopicStatistics] { state.withLock { $0.broker.statistics } }

  var subscriptions: [Subscription] { state.withLock { $0.broker.subscriptions } }

  /// Waits until no message waits for the app or its answer.
  func idle() async {
    await withCheckedContinuation { continuation in
      let isIdle = state.withLock { state in
        guard state.broker.undelivered > 0, state.ending < .over else { return true }
        state.waitingForIdle.append(continuation)
        return false
      }
      if isIdle { continuation.resume() }
    }
  }

  // MARK: The end

  /// Accepts nothing more, and waits for the single deliveries that are with the app.
  ///
  /// - Parameter limit: How long to wait at most.
  func drain(within limit: Duration) async {
    state.withLock { $0.ending = max($0.ending, .draining) }
    let end = ContinuousClock.now + limit
    while state.withLock({ $0.singles }) > 0, ContinuousClock.now < end { try? await Task.sleep(for: .milliseconds(5)) }
  }

  /// Cuts off bulk deliveries: their messages come again after a restart with the same data.
  func cutBulk() {
    state.withLock { $0.ending = max($0.ending, .cutOff) }
    app?.cutBulk()
  }

  /// Ends: no later answer of the app counts.
  func end() {
    let idlers = state.withLock { state in
      state.ending = .over
      return state.takeIdlers()
    }
    for idler in idlers { idler.resume() }
  }
}
