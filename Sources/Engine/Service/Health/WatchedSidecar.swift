internal import DaprClient
internal import JSON
internal import Tracing

/// A sidecar that also records what its answers show: whether it accepts the service's token, whether the broker accepts messages, and how
/// long they took.
struct WatchedSidecar: Sidecar {
  let sidecar: any Sidecar
  let components: BrokerComponents
  let tokens: TokenWatch
  let broker: BrokerWatch
  let metrics: ServiceMetrics
  let runtime: Runtime
  let log: Log
  /// Makes spans; nil where nobody takes them.
  let tracer: Tracer?

  func bulkGet<Value: Sendable>(
    _ keys: [String], context: CallContext, decode: @Sendable (_ key: String, _ value: JSONValue) -> Value
  ) async throws(SidecarFailure) -> [Loaded<Value>] {
    try await watching(.bulkGet, context, keys.count) { (context) async throws(SidecarFailure) in
      try await sidecar.bulkGet(keys, context: context, decode: decode)
    }
  }

  func get<Value: Sendable>(
    _ key: String, context: CallContext, decode: @Sendable (JSONValue) -> Value
  ) async throws(SidecarFailure) -> Loaded<Value>.State {
    try await watching(.get, context) { (context) async throws(SidecarFailure) in
      try await sidecar.get(key, context: context, decode: decode)
    }
  }

  func save(_ items: [SaveItem], context: CallContext) async throws(SidecarFailure) {
    try await watching(.save, context, items.count) { (context) async throws(SidecarFailure) in
      try await sidecar.save(items, context: context)
    }
  }

  func delete(_ key: String, etag: String?, context: CallContext) async throws(SidecarFailure) {
    try await watching(.delete, context) { (context) async throws(SidecarFailure) in
      try await sidecar.delete(key, etag: etag, context: context)
    }
  }

  func transact(_ operations: [StateOperation], context: CallContext) async throws(SidecarFailure) {
    try await watching(.transact, context, operations.count) { (context) async throws(SidecarFailure) in
      try await sidecar.transact(operations, context: context)
    }
  }

  func publish(
    _ event: OutgoingEvent, to topic: String, through component: String?, context: CallContext
  ) async throws(SidecarFailure) {
    let component = component ?? components.component(of: topic)
    do {
      try await watching(.publish, context, to: topic) { (context) async throws(SidecarFailure) in
        try await sidecar.publish(event, to: topic, through: component, context: context)
      }
    } catch {
      broker.refused(component)
      throw error
    }
    broker.took(component)
  }

  func publish(_ events: [OutgoingEvent], to topic: String, context: CallContext) async throws(SidecarFailure) -> [Int] {
    let component = components.component(of: topic)
    let failed: [Int]
    do {
      failed = try await watching(.publishBulk, context, events.count, to: topic) { (context) async throws(SidecarFailure) in
        try await sidecar.publish(events, to: topic, context: context)
      }
    } catch {
      broker.refused(component)
      throw error
    }
    // A single event may be too large for a healthy broker; if all events fail, the broker is not healthy.
    if failed.count < events.count { broker.took(component) } else if !events.isEmpty { broker.refused(component) }
    return failed
  }

  func invoke(_ call: Invocation, context: CallContext) async throws(SidecarFailure) -> InvocationAnswer {
    try await watching(.invoke, context) { (context) async throws(SidecarFailure) in try await sidecar.invoke(call, context: context) }
  }

  func secret(_ name: String, store: String, context: CallContext) async throws(SidecarFailure) -> [String: String] {
    try await sidecar.secret(name, store: store, context: context)
  }

  func metadata(context: CallContext) async throws(SidecarFailure) -> SidecarMetadata {
    try await watching(.metadata, context) { (context) async throws(SidecarFailure) in try await sidecar.metadata(context: context) }
  }

  func isReady(context: CallContext) async -> Bool { await sidecar.isReady(context: context) }

  private func watching<Answer>(
    _ kind: CallKind, _ context: CallContext, _ items: Int = 1, to topic: String? = nil,
    _ call: (CallContext) async throws(SidecarFailure) -> Answer
  ) async throws(SidecarFailure) -> Answer {
    let span = tracer?.open(below: context.traceparent)
    var context = context
    // So that the sidecar's own spans are below it.
    if let span { context.traceparent = span.context.traceparent }
    let began = runtime.uptime()
    do {
      let answer = try await call(context)
      report(kind, nil, since: began)
      if let span { tracer?.endCall(span, kind, items, to: topic, nil) }
      tokens.letIn()
      return answer
    } catch {
      report(kind, error, since: began)
      if let span { tracer?.endCall(span, kind, items, to: topic, error) }
      switch error {
      case .unauthorized(let message): tokens.turnedAway(message)
      // The sidecar answered, if not successfully, so the token is right.
      case .conflict, .refused, .failed, .spoiled: tokens.letIn()
      case .unreachable, .timedOut, .broken, .unintelligible: break
      }
      throw error
    }
  }

  /// Counts a call, and logs it for whoever wants to see individual steps.
  private func report(_ kind: CallKind, _ failure: SidecarFailure?, since began: Int64) {
    let seconds = runtime.seconds(since: began)
    metrics.count(kind, failure, seconds: seconds)
    guard log.writes(.debug) else { return }
    var fields: [(name: String, value: LogLine.Value)] = [
      ("call", .text(kind.rawValue)), ("status", .text(CallStatus(failure).rawValue)),
      ("duration_ms", .number((seconds * 1_000).rounded())),
    ]
    if let failure { fields.append(("reason", .text("\(failure)"))) }
    log(LogLine(.debug, "the sidecar was called", fields), at: runtime.now())
  }
}
