internal import HTTPClient
internal import HTTPServer
internal import Synchronization

/// Forwards calls to the app, and to other services by the endpoints that name them.
final class InvokeDoor: Sendable {
  private let app: App?
  /// The endpoints, and what calls them; nil if there are none.
  private let endpoints: (all: [HTTPEndpoint], client: HTTPClient)?
  private let onUnreachable: @Sendable () -> Void
  private let random = Mutex(RandomBits())
  /// Headers of one connection or of the sidecar itself.
  private static let own: Set<String> = [
    "host", "connection", "content-length", "transfer-encoding", "keep-alive", "upgrade", "te", "trailer", "expect", "dapr-api-token",
    "dapr-app-id", "traceparent", "date",
  ]

  init(_ app: App?, _ endpoints: [HTTPEndpoint], onUnreachable: @escaping @Sendable () -> Void) throws(DevSidecarFailure) {
    self.app = app
    self.onUnreachable = onUnreachable
    do {
      self.endpoints = endpoints.isEmpty ? nil : (endpoints, try HTTPClient(connections: 16))
    } catch {
      throw .client("\(error)")
    }
  }

  func answer(_ request: HTTPRequest, app id: String, target: String) async -> HTTPResponse {
    guard let callee = callee(id) else {
      return .failure(500, "ERR_DIRECT_INVOKE", "failed to invoke, id: \(id), err: no host found with the given ID")
    }
    guard request.body.count <= StateDoor.requestLimit else {
      return .failure(500, "ERR_DIRECT_INVOKE", "failed to invoke, id: \(id), err: stream too large")
    }
    let parent = random.withLock { random in
      TraceContext(continuing: request.head.header("traceparent"), &random).span(&random)
    }
    var headers = request.head.fields.filter { !Self.own.contains($0.name.lowercased()) }.map { (name: $0.name, value: $0.value) }
    headers.append(("traceparent", parent))
    do {
      let body = request.body.isEmpty && request.head.method == "GET" ? nil : request.body
      let answer = try await callee.call(request.head.method, target, headers, body)
      var fields = answer.headers.filter { !Self.own.contains($0.name) }.map { HTTPField($0.name, $0.value) }
      fields.append(HTTPField("traceparent", parent))
      return HTTPResponse(status: answer.status, fields: fields, body: answer.body)
    } catch {
      if case .app = callee, case .unreachable = error { onUnreachable() }
      return .failure(500, "ERR_DIRECT_INVOKE", "failed to invoke, id: \(id), err: \(error)")
    }
  }

  /// Who has that name; nil if nobody has.
  private func callee(_ id: String) -> Callee? {
    if let endpoints, let endpoint = endpoints.all.first(where: { $0.name == id }) { return .endpoint(endpoint, endpoints.client) }
    return app.flatMap { $0.id == id ? .app($0) : nil }
  }

  /// Who is called.
  private enum Callee {
    case app(App)
    case endpoint(HTTPEndpoint, HTTPClient)

    /// Calls the app, or an endpoint, whose own headers replace the caller's and which gets no token of Dapr's.
    func call(
      _ method: String, _ target: String, _ headers: [(name: String, value: String)], _ body: [UInt8]?
    ) async throws(HTTPClientFailure) -> HTTPAnswer {
      switch self {
      case .app(let app): return try await app.call(method, target, headers: headers, body: body, deadline: 60_000)
      case .endpoint(let endpoint, let client):
        let own = endpoint.headers.map { (name: $0.name, value: $0.value) }
        let replaced = Set(own.map { $0.name.lowercased() })
        let all = headers.filter { !replaced.contains($0.name.lowercased()) } + own
        return try await client.send(HTTPCall(method, endpoint.baseURL + target, headers: all, body: body, deadline: 60_000))
      }
    }
  }
}
