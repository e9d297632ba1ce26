internal import HTTPServer
internal import Synchronization

/// Everything that the sidecar answers.
final class Doors: HTTPApplication {
  private let state: StateDoor
  private let publish: PublishDoor
  private let invoke: InvokeDoor
  private let secrets: SecretDoor
  private let metadata: MetadataDoor
  private let app: App?
  private let token: String?
  private let faults: Faults
  private let cores: Cores?
  private let isEnding = Atomic(false)

  init(
    state: StateDoor, publish: PublishDoor, invoke: InvokeDoor, secrets: SecretDoor, metadata: MetadataDoor, app: App?, token: String?,
    faults: Faults, cores: Cores?
  ) {
    self.cores = cores
    self.state = state
    self.publish = publish
    self.invoke = invoke
    self.secrets = secrets
    self.metadata = metadata
    self.app = app
    self.token = token
    self.faults = faults
  }

  func admit(_ head: HTTPRequestHead) -> HTTPAdmission {
    // Twice the API's limit, so that a caller who sends a little too much gets the recorded answer, not a broken connection.
    .accept(bodyLimit: StateDoor.requestLimit * 2)
  }

  func refuse(_ refusal: HTTPRefusal, _ head: HTTPRequestHead) -> HTTPResponse {
    switch refusal {
    case .badFraming(let why): .failure(400, "ERR_MALFORMED_REQUEST", why)
    case .bodyTooLarge: tooLarge(head)
    case .unreadable(let status): .failure(status, "ERR_MALFORMED_REQUEST", "the request cannot be read")
    case .overloaded, .stopping: .failure(503, "ERR_UNAVAILABLE", "the sidecar is stopping or has too much to do")
    }
  }

  private func tooLarge(_ head: HTTPRequestHead) -> HTTPResponse {
    switch Route(head) {
    case .publish: .failure(500, "ERR_PUBSUB_PUBLISH_MESSAGE", "stream too large")
    case .bulkPublish: .failure(400, "ERR_PUBSUB_EVENTS_SER", "stream too large")
    case .invoke: .failure(500, "ERR_DIRECT_INVOKE", "stream too large")
    default: .failure(400, "ERR_MALFORMED_REQUEST", "stream too large")
    }
  }

  /// Makes the sidecar report that it is not healthy from now on.
  func end() {
    isEnding.store(true, ordering: .relaxed)
  }

  /// Publishes the body of a bulk publish call, at no cost of this sidecar's cores.
  ///
  /// - Returns: Whether all entries are accepted.
  func publish(_ bulk: [UInt8], pubsub: String, topic: String) -> Bool {
    let head = HTTPRequestHead(method: "POST", target: "/v1.0-alpha1/publish/bulk/\(pubsub)/\(topic)")
    return publish.bulkPublish(HTTPRequest(head: head, body: bulk), pubsub: pubsub, topic: topic, .none).status == 204
  }

  func answer(_ request: HTTPRequest) async -> HTTPResponse {
    guard let cores else { return await answerAtOnce(request) }
    // Taken before the work, which is a part of it.
    let began = cores.begin()
    let response = await answerAtOnce(request)
    let route = Route(request.head)
    guard let cost = CallCost(route, request, response, cores.table) else { return response }
    cores.count(route, cost, bytes: request.body.count)
    await cores.spend(cost, since: began)
    return response
  }

  private func answerAtOnce(_ request: HTTPRequest) async -> HTTPResponse {
    let route = Route(request.head)
    if let token, route.needsToken, request.head.header("dapr-api-token") != token {
      let fields = [HTTPField("Content-Type", "text/plain; charset=utf-8"), HTTPField("X-Content-Type-Options", "nosniff")]
      return HTTPResponse(status: 401, fields: fields, body: Array("invalid api token\n".utf8))
    }
    guard let fault = faults.next(route.kind) else { return await answer(route, request) }
    return await answer(route, request, fault)
  }

  private func answer(_ route: Route, _ request: HTTPRequest, _ fault: Faults.Fault) async -> HTTPResponse {
    switch fault {
    case .lostBefore: return .unanswered
    case .silentBefore: return await silence()
    case .lostAfter:
      _ = await answer(route, request)
      return .unanswered
    case .silentAfter:
      _ = await answer(route, request)
      return await silence()
    case .late(let milliseconds):
      if route.isOfState, let timeout = state.timeout, timeout < Int64(milliseconds) {
        try? await Task.sleep(for: .milliseconds(timeout))
        return state.timedOut(route)
      }
      let response = await answer(route, request)
      try? await Task.sleep(for: .milliseconds(milliseconds))
      return response
    case .doubled: return await answer(route, request)
    }
  }

  private func silence() async -> HTTPResponse {
    try? await Task.sleep(for: .seconds(60))
    return .unanswered
  }

  private func answer(_ route: Route, _ request: HTTPRequest) async -> HTTPResponse {
    switch route {
    case .getState, .deleteState, .saveState, .bulkGetState, .transactState, .queryState: return state.answer(route, request)
    case .publish(let pubsub, let topic): return await publish.publish(request, pubsub: pubsub, topic: topic)
    case .bulkPublish(let pubsub, let topic): return await publish.bulkPublish(request, pubsub: pubsub, topic: topic)
    case .invoke(let id, let target): return await invoke.answer(request, app: id, target: target)
    case .secret(let store, let name): return secrets.answer(store: store, secret: name)
    case .secrets(let store): return secrets.answerAll(store: store)
    case .metadata: return metadata.answer()
    case .setMetadata, .outboundHealth: return .noContent
    case .health:
      if isEnding.load(ordering: .relaxed) {
        return .failure(500, "ERR_HEALTH_NOT_READY", "dapr is not ready: [grpc-internal-server grpc-api-server]")
      }
      guard let app, await !app.isHealthy() else { return .noContent }
      return .failure(500, "ERR_HEALTH_NOT_READY", "dapr is not ready: [app]")
    case .unknown: return .unrouted
    }
  }
}

extension Route {
  /// Whether the API token is required.
  fileprivate var needsToken: Bool { self != .health && self != .outboundHealth }

  fileprivate var isOfState: Bool { kind == .read || kind == .write }

  /// Which faults apply to such a call.
  fileprivate var kind: Faults.Kind {
    switch self {
    case .getState, .bulkGetState, .queryState: .read
    case .saveState, .deleteState, .transactState: .write
    case .publish, .bulkPublish: .publish
    case .invoke: .invocation
    case .secret, .secrets, .metadata, .setMetadata, .health, .outboundHealth, .unknown: .other
    }
  }
}
