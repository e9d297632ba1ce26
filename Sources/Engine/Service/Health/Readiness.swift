internal import DaprClient
internal import JSON
internal import MasteryCore
internal import Synchronization

/// Whether the service can do its work, determined by asking the dependencies themselves, because the sidecar reports healthy while they
/// are down.
final class Readiness: Sendable {
  private struct State {
    var isStarted = false
    var isStopping = false
    /// Number of reports that have begun.
    var begun = 0
    var latest: (report: ReadinessReport, at: Timestamp)?
  }

  private let state = Mutex(State())
  private let turns = AsyncSemaphore(1)
  private let sidecar: any Sidecar
  private let components: BrokerComponents
  private let tokens: TokenWatch
  private let broker: BrokerWatch
  private let watch: ComponentWatch
  private let topics: Set<String>

  /// Creates the readiness of a service that subscribes to these topics through a watched sidecar.
  init(sidecar: WatchedSidecar, watch: ComponentWatch, topics: Set<String>) {
    self.sidecar = sidecar
    components = sidecar.components
    tokens = sidecar.tokens
    broker = sidecar.broker
    self.watch = watch
    self.topics = topics
  }

  func started() { state.withLock { $0.isStarted = true } }
  func stopping() { state.withLock { $0.isStopping = true } }

  /// Whether the service has started and is not stopping, whatever the state of its dependencies.
  var isProcessReady: Bool { state.withLock { $0.isStarted && !$0.isStopping } }

  /// How old a report may be that is good enough for metrics, in milliseconds.
  private static let recent: Int64 = 5_000

  /// What the dependencies say, or said a moment ago.
  func recentReport(now: Timestamp, context: CallContext) async -> ReadinessReport {
    let latest = state.withLock { $0.latest }
    if let latest, (0..<Self.recent).contains(now.milliseconds - latest.at.milliseconds) { return latest.report }
    return await report(now: now, context: context)
  }

  /// What the dependencies say; one report at a time, shared by all who asked before it began, because anybody may ask.
  func report(now: Timestamp, context: CallContext) async -> ReadinessReport {
    let begun = state.withLock { $0.begun }
    return await turns.take {
      let shared = state.withLock { state in state.begun > begun ? state.latest?.report : nil }
      if let shared { return shared }
      state.withLock { $0.begun += 1 }
      let report = await made(now: now, context: context)
      state.withLock { $0.latest = (report, now) }
      return report
    }
  }

  /// Asks the sidecar and which components it has, reads a small key, sends a probe message where publishing failed, and checks who has
  /// called.
  private func made(now: Timestamp, context: CallContext) async -> ReadinessReport {
    async let answers = sidecar.isReady(context: context)
    async let store = store(context)
    async let failed = failedComponents(now, context)
    async let deliveries = deliveryProblem(context)

    var report = ReadinessReport()
    switch state.withLock({ ($0.isStarted, $0.isStopping) }) {
    case (_, true): report.fail("the service is stopping")
    case (false, _): report.fail("the service has not started: it waits for the sidecar")
    default: break
    }
    let stored = await store
    if tokens.isTurnedAway {
      report.sidecarFails("the sidecar answers 401: DAPR_API_TOKEN is missing or is not the token that the sidecar asks for")
      _ = await (answers, failed, deliveries)
      return report
    }
    if await !answers { report.sidecarFails("the sidecar does not answer") }
    // Not beside the store: an answer that another call gets in time must not hide that the sidecar turns calls away.
    let lost = report.dapr == .up ? await watch.losses(context) : (store: nil, brokers: [])
    if stored {
      report.store = .up
    } else if report.dapr == .up {
      report.storeFails(lost.store.map { "the state store does not answer: \($0)" } ?? "the state store does not answer")
    }
    let components = await failed
    if components.isEmpty, report.dapr == .up { report.pubsub = .up }
    // Nothing is delivered through them, and so perhaps nothing published: the broker alone would count as up.
    for reason in lost.brokers { report.pubsubFails(reason) }
    if !components.isEmpty, report.dapr == .up {
      report.pubsubFails("the broker does not take what is published through \(components.joined(separator: " and "))")
    }
    if let problem = await deliveries, report.dapr == .up { report.fail(problem) }
    return report
  }

  private func store(_ context: CallContext) async -> Bool {
    guard let loaded = try? await sidecar.load([StoreProbe.key], context: context, decode: { _, _ in true }) else { return false }
    return loaded.allSatisfy { if case .failed = $0.state { false } else { true } }
  }

  /// The components that still fail, after sending a probe message to each that is due for one.
  private func failedComponents(_ now: Timestamp, _ context: CallContext) async -> [String] {
    for component in broker.due(at: now) {
      let isOwn = component == components.own && component != components.shared
      let probe = OutgoingEvent(body: Array(#"{"probe":true}"#.utf8), contentType: "application/json", partitionKey: nil)
      // The watch records the result.
      try? await sidecar.publish(probe, to: isOwn ? Topic.ownProbe : Topic.probe, through: component, context: context)
    }
    return broker.failed
  }

  /// The reason why no events can arrive; nil if they can, as far as is known.
  private func deliveryProblem(_ context: CallContext) async -> String? {
    switch tokens.deliveries {
    case .trusted: return nil
    case .refused(trustedBefore: false): return Self.wrongToken
    // A sidecar that asked a former process does not ask again. And a stranger's call says nothing about the sidecar, which forgets its
    // subscriptions when it restarts with another token.
    case .awaited: return await isSubscribed(context) ? nil : Self.notAsked
    case .refused(trustedBefore: true): return await isSubscribed(context) ? nil : Self.wrongToken
    }
  }

  private static let notAsked = "the sidecar has not asked /dapr/subscribe yet, or not with the right APP_API_TOKEN"
  private static let wrongToken =
    "calls to /dapr/subscribe or /events come without the right APP_API_TOKEN: sidecar and service do not have the same"

  private func isSubscribed(_ context: CallContext) async -> Bool {
    guard let metadata = try? await sidecar.metadata(context: context) else { return false }
    return topics.isSubset(of: metadata.subscribedTopics)
  }
}
