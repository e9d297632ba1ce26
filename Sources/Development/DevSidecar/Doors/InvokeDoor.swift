internal import HTTPClient
internal import HTTPServer
internal import Synchronization

/// Forwards calls to the app.
final class InvokeDoor: Sendable {
  private let app: App?
  private let onUnreachable: @Sendable () -> Void
  private let random = Mutex(RandomBits())
  /// Headers of one connection or of the sidecar itself.
  private static let own: Set<String> = [
    "host", "connection", "content-length", "transfer-encoding", "keep-alive", "upgrade", "te", "trailer", "expect", "dapr-api-token",
    "dapr-app-id", "traceparent", "date",
  ]

  init(_ app: App?, onUnreachable: @escaping @Sendable () -> Void) {
    self.app = app
    self.onUnreachable = onUnreachable
  }

  func answer(_ request: HTTPRequest, app id: String, target: String) async -> HTTPResponse {
    guard let app, app.id == id else {
      return .failure(500, "ERR_DIRECT_INVOKE", "failed to invoke, id: \(id), err: no host found with the given ID")
    }
    guard request.body.count <= StateDoor.requestLimit else {
      return .failure(500, "ERR_DIRECT_INVOKE", "failed to invoke, id: \(id), err: stream too large")
    }
    let parent = random.withLock { random in
      TraceContext(continuing: request.head.header("traceparent"), &random).span(&random)
    }
    var headers = request.head.fields.filter { !Self.own.contains($0.name.lowercased()) }.map { ($0.name, $0.value) }
    headers.append(("traceparent", parent))
    do {
      let body = request.body.isEmpty && request.head.method == "GET" ? nil : request.body
      let answer = try await app.call(request.head.method, target, headers: headers, body: body, deadline: 60_000)
      var fields = answer.headers.filter { !Self.own.contains($0.name) }.map { HTTPField($0.name, $0.value) }
      fields.append(HTTPField("traceparent", parent))
      return HTTPResponse(status: answer.status, fields: fields, body: answer.body)
    } catch {
      if case .unreachable = error { onUnreachable() }
      return .failure(500, "ERR_DIRECT_INVOKE", "failed to invoke, id: \(id), err: \(error)")
    }
  }
}
