internal import DaprClient
internal import MasteryCore
internal import Metrics
internal import Synchronization

/// Looks at what the sidecar says of its components, over and over: they come, go and change while it runs.
///
/// Both health paths of the sidecar stay good while a component is missing.
final class ComponentWatch: Sendable {
  /// Milliseconds for which a look is good enough, however many ask.
  private static let recent: Int64 = 2_000
  /// Milliseconds that something has to last before the log has it: a sidecar that takes up changed files is without them for a second.
  private static let patience: Int64 = 4_000
  /// Milliseconds between two looks of its own, while all is well and otherwise.
  private static let pauses = (calm: 30_000, alert: 5_000)

  private struct State {
    /// What the latest look found; nil if it was in vain, or is the first one and not over.
    var findings: [ComponentFinding]?
    /// When the latest look began; nil before the first one.
    var lookedAt: Timestamp?
    /// Since when each problem has been there.
    var since: [ComponentLabels: Timestamp] = [:]
    /// The problems that the log has.
    var told: Set<ComponentLabels> = []
    var hasToldUnseen = false
  }

  private let needs: ComponentNeeds
  private let sidecar: any Sidecar
  private let metrics: ServiceMetrics
  private let runtime: Runtime
  private let log: Log
  private let state = Mutex(State())

  /// Creates a watch that has seen nothing yet.
  init(needs: ComponentNeeds, sidecar: any Sidecar, metrics: ServiceMetrics, runtime: Runtime, log: Log) {
    self.needs = needs
    self.sidecar = sidecar
    self.metrics = metrics
    self.runtime = runtime
    self.log = log
  }

  /// Looks until the task is cancelled, so that the log tells even if nobody asks `/ready`.
  func keep() async {
    while !Task.isCancelled {
      let findings = await findings(CallContext())
      await runtime.sleep(milliseconds: findings?.isEmpty ?? false ? Self.pauses.calm : Self.pauses.alert)
    }
  }

  /// Which components do nothing at all, in words: the state store, and those of the broker; none while the sidecar does not tell.
  func losses(_ context: CallContext) async -> (store: String?, brokers: [String]) {
    let total = (await findings(context) ?? []).filter(\.labels.problem.isTotal)
    let store = total.first { $0.labels.component == needs.stateStore }?.reason
    // One name may stand for both; it can only be one of them.
    return (store, total.filter { needs.brokers.contains($0.labels.component) && $0.reason != store }.map(\.reason))
  }

  /// What is wrong now, or was a moment ago; nil while the sidecar does not tell.
  func findings(_ context: CallContext) async -> [ComponentFinding]? {
    let now = runtime.now()
    let (isRecent, known) = state.withLock { state in
      if let last = state.lookedAt, (0..<Self.recent).contains(now.milliseconds - last.milliseconds) { return (true, state.findings) }
      state.lookedAt = now
      return (false, nil)
    }
    if isRecent { return known }
    guard let metadata = try? await sidecar.metadata(context: context) else {
      state.withLock { $0.findings = nil }
      return nil
    }
    let findings = needs.findings(in: metadata)
    state.withLock { $0.findings = findings }
    let present = Set(findings.map(\.labels))
    for labels in needs.possible { metrics.componentProblems.set(present.contains(labels) ? 1 : 0, labels) }
    tell(findings, now)
    tellUnseen(metadata, now)
    return findings
  }

  /// Logs what has come and lasts, and what is over of that.
  private func tell(_ findings: [ComponentFinding], _ now: Timestamp) {
    let (begun, ended) = state.withLock { state in
      let present = Set(findings.map(\.labels))
      state.since = state.since.filter { present.contains($0.key) }
      let begun = findings.filter { finding in
        let since = state.since[finding.labels] ?? now
        state.since[finding.labels] = since
        return now >= since.adding(milliseconds: Self.patience) && state.told.insert(finding.labels).inserted
      }
      let ended = needs.possible.filter { state.told.contains($0) && !present.contains($0) }
      state.told.subtract(ended)
      return (begun, ended)
    }
    for finding in begun { log(line(.warning, "a component of the sidecar is not as it must be", finding.labels, finding.reason), at: now) }
    for labels in ended { log(line(.info, "a component of the sidecar is as it must be again", labels, nil), at: now) }
  }

  private func line(_ level: LogLevel, _ message: String, _ labels: ComponentLabels, _ reason: String?) -> LogLine {
    var fields: [(name: String, value: LogLine.Value)] = [
      ("component", .text(labels.component)), ("problem", .text(labels.problem.rawValue)),
    ]
    if let reason { fields.append(("reason", .text(reason))) }
    return LogLine(level, message, fields)
  }

  /// Says once which components depend on a policy that this sidecar does not show.
  private func tellUnseen(_ metadata: SidecarMetadata, _ now: Timestamp) {
    let brokers = metadata.components.filter { needs.brokers.contains($0.name) && $0.type.hasPrefix("pubsub.") }
    let isFirst = state.withLock { state in
      guard metadata.resiliencies == nil, !brokers.isEmpty, !state.hasToldUnseen else { return false }
      state.hasToldUnseen = true
      return true
    }
    guard isFirst else { return }
    for broker in brokers {
      log(
        LogLine(
          .info, "this sidecar does not tell whether a resiliency policy tries deliveries again",
          [("component", .text(broker.name)), ("reason", .text("without one \(ComponentNeeds.untried(broker.type))"))]), at: now)
    }
  }
}
