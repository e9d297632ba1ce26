public import HTTPServer
internal import Synchronization

/// Listens before the service exists: it reports that the process is alive, and refuses everything else with 503.
///
/// A sidecar asks `/dapr/subscribe` once, as soon as it can connect, and treats any unsuccessful answer as "nothing", so its request waits
/// for the service. Once the service is there, every request is passed on to it.
public final class StartingService: HTTPApplication {
  private final class Started: Sendable {
    let service: MasteryService

    init(_ service: MasteryService) { self.service = service }
  }

  private struct Waiting {
    var isOver = false
    var requests: [CheckedContinuation<Void, Never>] = []
  }

  private let started = AtomicLazyReference<Started>()
  private let waiting = Mutex(Waiting())
  private let runtime: Runtime

  /// Creates a placeholder without a service.
  public init(runtime: Runtime) {
    self.runtime = runtime
  }

  /// Passes every request from now on to the service, waiting ones first; only the first call has an effect.
  public func become(_ service: MasteryService) {
    _ = started.storeIfNil(Started(service))
    end()
  }

  /// Ends the wait if no service will come: waiting requests are refused.
  public func end() {
    let requests = waiting.withLock { waiting in
      defer { waiting.requests = [] }
      waiting.isOver = true
      return waiting.requests
    }
    for request in requests { request.resume() }
  }

  /// Judges a request by its head, with the service once it is there.
  public func admit(_ head: HTTPRequestHead) -> HTTPAdmission {
    if let service = started.load()?.service { return service.admit(head) }
    return Self.isAnswered(head) || Self.waits(head) ? .accept(bodyLimit: 0, share: .common) : .refuse(unavailable(head))
  }

  /// The response to a request that the server itself refuses, from the service once it is there.
  public func refuse(_ refusal: HTTPRefusal, _ head: HTTPRequestHead) -> HTTPResponse {
    started.load()?.service.refuse(refusal, head) ?? unavailable(head)
  }

  /// Whether a request brings the sidecar's token, once the service is there.
  public func isNeighbour(_ head: HTTPRequestHead) -> Bool {
    started.load()?.service.isNeighbour(head) ?? false
  }

  /// Splits a large delivery, once the service is there.
  public func bodyReader(for head: HTTPRequestHead) -> (any HTTPBodyReader)? {
    started.load()?.service.bodyReader(for: head)
  }

  /// Answers a request: liveness, not ready, or the service's answer.
  public func answer(_ request: HTTPRequest) async -> HTTPResponse {
    if let service = started.load()?.service { return await service.answer(request) }
    guard Self.waits(request.head) else {
      guard Self.isAnswered(request.head) else { return unavailable(request.head) }
      return status(request.head)
    }
    await wait()
    guard let service = started.load()?.service else { return unavailable(request.head) }
    return await service.answer(request)
  }

  /// Waits for the service.
  ///
  /// As many may wait as there are connections, so that strangers who ask the same take no slot from the sidecar.
  private func wait() async {
    await withCheckedContinuation { continuation in
      let waits = waiting.withLock { waiting in
        guard !waiting.isOver else { return false }
        waiting.requests.append(continuation)
        return true
      }
      if !waits { continuation.resume() }
    }
  }

  /// The liveness or readiness answer.
  private func status(_ head: HTTPRequestHead) -> HTTPResponse {
    let correlationID = RequestTrace(head, runtime: runtime).correlationID
    guard Self.path(head) == "/ready" else {
      return ResponseHeaders.json(status: 200, body: Array(#"{"status":"ok"}"#.utf8), correlationID: correlationID)
    }
    let body = #"{"status":"not_ready","reasons":["the service has not started: it waits for its secrets"]}"#
    return ResponseHeaders.json(status: 503, body: Array(body.utf8), correlationID: correlationID)
  }

  private func unavailable(_ head: HTTPRequestHead) -> HTTPResponse {
    let trace = RequestTrace(head, runtime: runtime)
    return Envelope(correlationID: trace.correlationID, now: trace.began).failure(.unavailable("the service is starting and"))
  }

  private static func isAnswered(_ head: HTTPRequestHead) -> Bool {
    ["GET", "HEAD"].contains(head.method) && ["/health", "/healthz", "/ready"].contains(path(head))
  }

  private static func waits(_ head: HTTPRequestHead) -> Bool {
    head.method == "GET" && ["/dapr/subscribe", "/dapr/config"].contains(path(head))
  }

  private static func path(_ head: HTTPRequestHead) -> Substring { Route.withoutVersion(Route.withoutFinalSlash(head.path)) }
}
