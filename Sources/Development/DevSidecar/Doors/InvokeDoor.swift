internal import HTTPClient
internal import HTTPServer
internal import Synchronization

/// Forwards calls to the app, and to other services by the endpoints that name them.
final class InvokeDoor: Sendable {
  private let app: App?
  private let endpoints: [HTTPEndpoint]
  /// Calls the endpoints; nil if there are none.
  private let client: HTTPClient?
  private let onUnreachable: @Sendable () -> Void
  private let random = Mutex(RandomBits())
  /// Headers of one connection or of the sidecar itself.
  private static let own: Set<String> = [
    "host", "connection", "content-length", "transfer-encoding", "keep-alive", "upgrade", "te", "trailer", "expect", "dapr-api-token",
    "dapr-app-id", "traceparent", "date",
  ]

  init(_ app: App?, _ endpoints: [HTTPEndpoint], onUnreachable: @escaping @Sendable () -> Void) throws(DevSidecarFailure) {
    self.app = app
    self.endpoints = endpoints
    self.onUnreachable = onUnreachable
    do {
      client = endpoints.isEmpty ? nil : try HTTPClient(connections: 16)
    } catch {
      throw .client("\(error)")
    }
  }

  func answer(_ request: HTTPRequest, app id: String, target: String) async -> HTTPResponse {
    let endpoint = endpoints.first { $0.name == id }
    guard endpoint != nil || app?.id == id else {
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
      guard let answer = try await call(endpoint, request.head.method, target, headers, body) else {
        return .failure(500, "ERR_DIRECT_INVOKE", "failed to invoke, id: \(id), err: no client")
      }
      var fields = answer.headers.filter { !Self.own.contains($0.name) }.map { HTTPField($0.name, $0.value) }
      fields.append(HTTPField("traceparent", parent))
      return HTTPResponse(status: answer.status, fields: fields, body: answer.body)
    } catch {
      if endpoint == nil, case .unreachable = error { onUnreachable() }
      return .failure(500, "ERR_DIRECT_INVOKE", "failed to invoke, id: \(id), err: \(error)")
    }
  }

  /// Calls an endpoint, whose own headers replace the caller's and which gets no token of Dapr's, or the app; nil if there is neither.
  private func call(
    _ endpoint: HTTPEndpoint?, _ method: String, _ target: String, _ headers: [(name: String, value: String)], _ body: [UInt8]?
  ) async throws(HTTPClientFailure) -> HTTPAnswer? {
    guard let endpoint else { return try await app?.call(method, target, headers: headers, body: body, deadline: 60_000) }
    let replaced = Set(endpoint.headers.map { $0.name.lowercased() })
    let all = headers.filter { !replaced.contains($0.name.lowercased()) } + endpoint.headers.map { (name: $0.name, value: $0.value) }
    return try await client?.send(HTTPCall(method, endpoint.baseURL + target, headers: all, body: body, deadline: 60_000))
  }
}
