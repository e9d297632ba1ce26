public import DaprClient
public import HTTPServer
internal import JSON
internal import MasteryCore
internal import Metrics
public import Tracing

/// The service: receives every request and delivery, routes it by its path and answers it.
public struct MasteryService: HTTPApplication {
  let configuration: Configuration
  let runtime: Runtime
  let log: Log
  let metrics: ServiceMetrics
  let readiness: Readiness
  let components: ComponentWatch
  let subscriptions: Subscriptions
  let requests: RequestHandler
  let mcp: MCPServer
  let events: EventConsumer
  let erasures: ErasureConsumer
  let deadLetters: DeadLetterStore
  let standings: StandingsConsumer
  let retry: RetryConsumer
  let batches: Batches
  let audit: AuditTrail
  let shedding: LoadShedder
  /// The deliveries that are being worked on; it is the sidecar that limits them.
  let deliveries = LoadShedder(limit: .max)
  let sidecarToken: SidecarToken
  let tokens: TokenWatch
  /// Makes spans; nil where nobody takes them.
  let tracer: Tracer?
  let crossOrigin: CrossOrigin
  private let documents: ServiceDocuments

  /// Creates a service that talks to a sidecar.
  ///
  /// - Parameters:
  ///   - configuration: The configuration.
  ///   - sidecar: The sidecar.
  ///   - runtime: The clock, sleeping and randomness.
  ///   - log: The log.
  ///   - spans: Takes the spans of what is sampled; nil makes none.
  public init(_ configuration: Configuration, sidecar: any Sidecar, runtime: Runtime, log: Log, spans: SpanQueue? = nil) {
    self.init(configuration, sidecar: sidecar, runtime: runtime, log: log, spans: spans, intents: .standard)
  }

  /// Creates a service that answers these intents.
  init(
    _ configuration: Configuration, sidecar: any Sidecar, runtime: Runtime, log: Log, spans: SpanQueue? = nil, intents: IntentTable
  ) {
    self.configuration = configuration
    self.runtime = runtime
    self.log = log
    metrics = ServiceMetrics(began: runtime.now())
    tokens = TokenWatch(metrics: metrics, runtime: runtime, log: log)
    tracer = spans.map { Tracer(queue: $0, runtime: runtime) }
    let sidecar = WatchedSidecar(
      sidecar: sidecar, components: configuration.broker, tokens: tokens, broker: BrokerWatch(), metrics: metrics, runtime: runtime,
      log: log, tracer: tracer)
    subscriptions = Subscriptions(configuration)
    components = ComponentWatch(
      needs: ComponentNeeds(configuration, subscriptions), sidecar: sidecar, metrics: metrics, runtime: runtime, log: log)
    readiness = Readiness(sidecar: sidecar, watch: components, topics: Set(subscriptions.all.map(\.topic)))
    let store = StudentStore(
      sidecar: sidecar, retentionDays: configuration.retentionDays, calendars: configuration.calendars, scoring: configuration.scoring)
    let publisher = EventPublisher(
      sidecar: sidecar, confirmed: ConfirmedAnnouncements(), runtime: runtime, metrics: metrics)
    let faults = UnreadableKeys()
    let names = ForgottenNames(store: store)
    let rule = DeadLetterRule(store: store, names: names, faults: faults, runtime: runtime)
    audit = AuditTrail(store: store, faults: faults, runtime: runtime, log: log, isBinding: configuration.environment != .development)
    let copies = WaitingCopies()
    events = EventConsumer(
      fold: Fold(store: store, publisher: publisher, faults: faults, metrics: metrics, runtime: runtime),
      lanes: StudentLanes(turns: AsyncSemaphore(Self.foldsAtATime)),
      publisher: publisher, rule: rule, copies: copies, audit: audit, metrics: metrics, runtime: runtime, log: log)
    deadLetters = DeadLetterStore(rule: rule, metrics: metrics, runtime: runtime, log: log)
    let putBackRule = PutBackRule()
    retry = RetryConsumer(events: events, publisher: publisher, rule: putBackRule, copies: copies, runtime: runtime)
    let standings = StandingStore(documents: store, runtime: runtime, log: log)
    self.standings = StandingsConsumer(
      keeper: StandingKeeper(standings), publisher: publisher, metrics: metrics, log: log, runtime: runtime)
    let jobs = BatchStore(sidecar: sidecar, runtime: runtime)
    batches = Batches(store: jobs, consumer: BatchConsumer(store: jobs, students: store, metrics: metrics), publisher: publisher)
    let dataStores = PersonalDataStores(trail: audit, deadLetters: deadLetters, standings: standings, batches: jobs)
    let erasure = Erasure(store: store, names: names, dataStores: dataStores, publisher: publisher, runtime: runtime)
    erasures = ErasureConsumer(erasure: erasure, publisher: publisher, rule: putBackRule, copies: copies, runtime: runtime, log: log)
    let gate = Gate(configuration, audit: audit, keys: KeyReport(metrics: metrics, log: log), runtime: runtime)
    requests = RequestHandler(
      intents: intents, gate: gate,
      services: IntentServices(
        store: store, standings: standings, batches: batches, erasure: erasure,
        intake: EventIntake(sidecar: sidecar, publisher: publisher, topics: configuration.jsonEventTopics, runtime: runtime),
        runtime: runtime, minimumGroup: configuration.minimumGroup))
    shedding = LoadShedder(limit: configuration.concurrentRequests)
    sidecarToken = SidecarToken(configuration.appToken)
    let documents = ServiceDocuments(configuration, intents: intents)
    self.documents = documents
    mcp = MCPServer(requests: requests) { await documents.bytes(of: $0) }
    crossOrigin = CrossOrigin(origins: configuration.allowedOrigins, isSecure: configuration.tls != nil)
  }

  /// Maximum number of concurrent folds, so that under load folds grow larger instead of more of them being held.
  private static let foldsAtATime = 4

  /// Records that the start is complete: from now on `/ready` may report ready.
  public func started() {
    readiness.started()
  }

  /// Records that the service is about to stop: from now on `/ready` answers 503.
  public func stopping() {
    readiness.stopping()
  }

  /// Runs the background work until the task is cancelled: writes accesses to the students' audit trails, and looks
  /// for changed public keys.
  public func keepTrails() async {
    guard requests.gate.hasWatchedKeys else { return await audit.keep() }
    async let watching: Void = requests.gate.watchKeys(through: requests.services.store.sidecar)
    await audit.keep()
    await watching
  }

  /// Looks at the sidecar's components until the task is cancelled, and logs which of them are not as the engine needs them.
  public func watchComponents() async {
    await components.keep()
  }

  /// Writes waiting accesses to the students' audit trails, as far as the store accepts them now.
  ///
  /// - Returns: Number of accesses still waiting.
  public func writeTrails() async -> Int {
    await audit.write()
  }

  /// Writes the accesses that still wait for their trails after the last request.
  ///
  /// - Parameter limit: Maximum milliseconds to spend; later ones are only in the log.
  public func finish(within limit: Int64) async {
    let left = await audit.drain(within: limit)
    if left > 0 { log(LogLine(.error, "accesses are in the log only", [("records", .integer(left))]), at: runtime.now()) }
  }

  /// Judges a request by its head: path, method, sender, content type.
  public func admit(_ head: HTTPRequestHead) -> HTTPAdmission {
    guard let route = Route(path: head.path, subscriptions: subscriptions, intents: requests.intents) else {
      return .refuse(refused(.notFound("there is nothing at this path"), head))
    }
    var admitted = AdmittedRequest(route: route, at: runtime.now())
    if !route.isTheSidecars, crossOrigin.isPreflight(head) {
      admitted.isPreflight = true
      return .accept(bodyLimit: 0, share: .common, context: admitted)
    }
    guard route.takes(head.method) else { return .refuse(refused(.methodNotAllowed(head.method, allowed: route.methods), head)) }
    do throws(Problem) {
      admitted.caller = try caller(of: head, route, now: admitted.at)
    } catch {
      return .refuse(refused(error, head))
    }
    return .accept(
      bodyLimit: route.bodyLimit(head.method), share: route.isTheSidecars ? .neighbour : .common, context: admitted)
  }

  /// The caller of a request; nil if its route needs none, or its body may name one.
  ///
  /// - Throws: `Problem` that prevents the request from being read any further.
  private func caller(of head: HTTPRequestHead, _ route: Route, now: Timestamp) throws(Problem) -> Caller? {
    switch route {
    case .intents, .process, .mcp:
      if isOverloaded { throw .overloaded }
      if audit.isMuted { throw .unrecorded }
      if case .mcp = route, crossOrigin.isForeign(head) { throw .foreignOrigin }
      // The token of `/process` may be in its body.
      let caller: Caller? = if case .process = route { nil } else { try requests.gate.caller(Credentials(head), now: now) }
      if let problem = Self.contentTypeProblem(head) { throw problem }
      return caller
    default:
      if route.isTheSidecars, let problem = sidecarProblem(with: head) { throw problem }
      return nil
    }
  }

  private static func contentTypeProblem(_ head: HTTPRequestHead) -> Problem? {
    if let encoding = head.header("content-encoding"), encoding.lowercased() != "identity" {
      return .invalid("Content-Encoding", value: String(encoding.prefix(100)), "must be identity: bodies are not unpacked", status: 415)
    }
    guard let type = head.header("content-type"), type != "application/json" else { return nil }
    let media = MediaType.name(in: type)
    guard media != "application/json", !(media.hasPrefix("application/") && media.hasSuffix("+json")) else { return nil }
    return .invalid("Content-Type", value: String(type.prefix(100)), "must be application/json", status: 415)
  }

  /// Answers a request by its route; one that was not admitted before is judged now.
  public func answer(_ request: HTTPRequest) async -> HTTPResponse {
    if let admitted = request.context as? AdmittedRequest {
      return crossOrigin.complete(await routed(request, admitted), to: request.head)
    }
    switch admit(request.head) {
    case .refuse(let response): return response
    case .accept(let acceptance): return await answer(request.accepted(acceptance))
    }
  }

  private func routed(_ request: HTTPRequest, _ admitted: AdmittedRequest) async -> HTTPResponse {
    await spanning(request.head, admitted.route, RequestTrace(request.head, runtime: runtime)) { trace in
      await routed(request, admitted, trace)
    }
  }

  private func routed(_ request: HTTPRequest, _ admitted: AdmittedRequest, _ trace: RequestTrace) async -> HTTPResponse {
    let route = admitted.route
    if admitted.isPreflight { return crossOrigin.preflight(allowing: route.methods, correlationID: trace.correlationID) }
    switch route {
    case .intents(let path):
      guard let intent = path.intent(by: request.head.method) else {
        return refusal(.methodNotAllowed(request.head.method, allowed: path.methods), request.head)
      }
      return await worked(request, by: admitted, trace) { await requests.answer(request, intent, at: path, from: $0, trace) }
    case .mcp: return await worked(request, by: admitted, trace) { await mcp.answer(request, from: $0, trace) }
    case .process: return await worked(request, route, trace) { await requests.process(request, trace) }
    case .events(let row):
      let acknowledgement = await consume(request, row, trace)
      return ResponseHeaders.json(status: 200, body: acknowledgement.body, correlationID: trace.correlationID)
    case .subscriptions: return ResponseHeaders.json(status: 200, body: subscriptions.body, correlationID: trace.correlationID)
    case .daprConfiguration: return ResponseHeaders.json(status: 200, body: Array("{}".utf8), correlationID: trace.correlationID)
    case .liveness: return ResponseHeaders.json(status: 200, body: Array(#"{"status":"ok"}"#.utf8), correlationID: trace.correlationID)
    case .readiness: return await ready(request.head, trace)
    case .metrics: return await handOutMetrics(request.head, trace)
    case .about: return about(trace)
    case .document(let document): return await documents.response(document, correlationID: trace.correlationID)
    }
  }

  /// Whether no further request is accepted now: too many are running, or too many accesses wait to be recorded.
  private var isOverloaded: Bool { shedding.isFull || audit.isFull }

  /// Works on a request of the caller that its head identified, who is identified again if that was a while ago.
  private func worked(
    _ request: HTTPRequest, by admitted: AdmittedRequest, _ trace: RequestTrace, _ work: (Caller) async -> AnsweredRequest
  ) async -> HTTPResponse {
    let caller: Caller
    do throws(Problem) {
      let known = admitted.isOutdated(at: trace.began) ? nil : admitted.caller
      caller = if let known { known } else { try requests.gate.caller(Credentials(request.head), now: trace.began) }
    } catch {
      return refusal(error, request.head)
    }
    return await worked(request, admitted.route, trace) { await work(caller) }
  }

  private func worked(
    _ request: HTTPRequest, _ route: Route, _ trace: RequestTrace, _ work: () async -> AnsweredRequest
  ) async -> HTTPResponse {
    guard !audit.isFull, let answered = await shedding.run(work) else { return refusal(.overloaded, request.head) }
    // The log may have filled up in the meantime; the access is recorded once the log accepts lines again.
    guard !audit.isMuted else { return refusal(.unrecorded, request.head) }
    return report(answered, route, trace)
  }

  private func report(_ answered: AnsweredRequest, _ route: Route, _ trace: RequestTrace) -> HTTPResponse {
    let intent = answered.intent ?? route.name
    let status = answered.status ?? answered.response.status
    metrics.requests.add(1, RequestLabels(intent: intent, status: status))
    metrics.requestTime.observe(runtime.seconds(since: trace.uptime), IntentLabel(intent: intent), trace: trace.traceID)
    log(
      RequestTrace.severity(of: status),
      trace.line(
        endpoint: trace.endpoint, intent: intent, student: answered.student, status: status,
        milliseconds: Int(runtime.now().milliseconds - trace.began.milliseconds), reason: answered.outage), at: trace.began)
    return answered.response
  }

  private func ready(_ head: HTTPRequestHead, _ trace: RequestTrace) async -> HTTPResponse {
    if head.query == "scope=process" {
      let isReady = readiness.isProcessReady
      let body = isReady ? #"{"status":"ready"}"# : #"{"status":"not_ready"}"#
      return ResponseHeaders.json(status: isReady ? 200 : 503, body: Array(body.utf8), correlationID: trace.correlationID)
    }
    let report = await readiness.report(now: trace.began, context: trace.call)
    let headers = report.isReady ? [] : [Problem.retrySoon]
    return ResponseHeaders.json(
      status: report.isReady ? 200 : 503, body: report.body, correlationID: trace.correlationID, headers)
  }

  private func about(_ trace: RequestTrace) -> HTTPResponse {
    let json = JSONWriter.object { json in
      json.member("name", "mastery-engine" as StaticString)
      json.member("version", Envelope.version)
      json.member("environment", configuration.environment.rawValue)
    }
    return ResponseHeaders.json(status: 200, body: json, correlationID: trace.correlationID)
  }
}
