internal import HTTPClient

/// A sidecar's address and token, and the HTTP client for its requests.
struct SidecarChannel: Sendable {
  private let endpoint: String
  private let apiToken: String?
  private let http: HTTPClient

  init(endpoint: String, apiToken: String?, http: HTTPClient) {
    self.endpoint = endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint
    self.apiToken = apiToken
    self.http = http
  }

  /// Sends a request and returns the answer, whatever its status.
  func ask(
    _ method: String, _ path: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil, _ context: CallContext
  ) async throws(SidecarFailure) -> HTTPAnswer {
    // Only our own values are sent, if there are any: an invoked call forwards headers that came from elsewhere.
    var replaced = ["dapr-api-token", "traceparent"]
    var own: [(name: String, value: String)] = []
    if let apiToken { own.append(("dapr-api-token", apiToken)) }
    if let trace = context.traceparent { own.append(("traceparent", trace)) }
    if let state = context.tracestate { own.append(("tracestate", state)) }
    if let baggage = context.baggage { own.append(("baggage", baggage)) }
    replaced += own.map(\.name)
    let headers = headers.filter { !replaced.contains($0.name.lowercased()) } + own
    do {
      return try await http.send(HTTPCall(method, endpoint + path, headers: headers, body: body, deadline: context.deadline))
    } catch {
      throw SidecarFailure(error)
    }
  }

  /// Sends JSON and returns the answer, whatever its status.
  func ask(_ method: String, _ path: String, json: [UInt8], _ context: CallContext) async throws(SidecarFailure) -> HTTPAnswer {
    try await ask(method, path, headers: [("Content-Type", "application/json")], body: json, context)
  }

  /// Sends a request that must succeed.
  @discardableResult
  func tell(
    _ method: String, _ path: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil, _ context: CallContext
  ) async throws(SidecarFailure) -> HTTPAnswer {
    let answer = try await ask(method, path, headers: headers, body: body, context)
    guard answer.isSuccess else { throw SidecarFailure(answer) }
    return answer
  }

  /// Sends JSON in a request that must succeed.
  @discardableResult
  func tell(_ method: String, _ path: String, json: [UInt8], _ context: CallContext) async throws(SidecarFailure) -> HTTPAnswer {
    try await tell(method, path, headers: [("Content-Type", "application/json")], body: json, context)
  }
}
