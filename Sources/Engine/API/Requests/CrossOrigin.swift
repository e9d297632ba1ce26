internal import HTTPServer

/// The web origins allowed to call the service (the Fetch standard's CORS protocol), and the headers common to all answers.
struct CrossOrigin: Sendable {
  /// Response headers that a page may read.
  private static let exposed =
    "X-Correlation-ID, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-RateLimit-Used, Retry-After, WWW-Authenticate"
  /// Request headers that a page may send.
  private static let accepted =
    "Authorization, Content-Type, Idempotency-Key, MCP-Protocol-Version, Mcp-Method, Mcp-Name, X-Correlation-ID, X-Request-ID, X-School-ID"

  /// The allowed origins, `https://host:port`, as browsers write them.
  let origins: [String]
  /// Whether answers go out over TLS, so that browsers are told to always use it.
  let isSecure: Bool

  /// Adds the common headers to the answer to this request.
  func complete(_ response: HTTPResponse, to head: HTTPRequestHead) -> HTTPResponse {
    var response = response
    if isSecure { response.fields.append(HTTPField("Strict-Transport-Security", "max-age=31536000; includeSubDomains")) }
    guard !origins.isEmpty else { return response }
    // Added even for other origins: a cache must not serve this answer to a page of another origin.
    response.fields.append(HTTPField("Vary", "Origin"))
    if let origin = origin(of: head) {
      response.fields.append(HTTPField("Access-Control-Allow-Origin", origin))
      response.fields.append(HTTPField("Access-Control-Expose-Headers", Self.exposed))
    }
    return response
  }

  /// Whether a page of an origin that is not allowed asks.
  func isForeign(_ head: HTTPRequestHead) -> Bool {
    let given = head.values(of: "origin")
    return !given.isEmpty && (given.count > 1 || origin(of: head) == nil)
  }

  /// Whether this is a browser's preflight request for a page of an allowed origin.
  func isPreflight(_ head: HTTPRequestHead) -> Bool {
    head.method == "OPTIONS" && head.header("access-control-request-method") != nil && origin(of: head) != nil
  }

  /// The answer to a preflight request.
  func preflight(allowing methods: [String], correlationID: String) -> HTTPResponse {
    var response = ResponseHeaders.json(
      status: 204, body: [], correlationID: correlationID,
      [
        Problem.Detail(name: "Access-Control-Allow-Methods", value: methods.joined(separator: ", ")),
        Problem.Detail(name: "Access-Control-Allow-Headers", value: Self.accepted),
        Problem.Detail(name: "Access-Control-Max-Age", number: 600),
      ])
    response.fields.removeAll { $0.name == "Content-Type" }
    return response
  }

  private func origin(of head: HTTPRequestHead) -> String? {
    guard let given = head.header("origin") else { return nil }
    return origins.first { $0.utf8.elementsEqual(given.utf8) }
  }
}
