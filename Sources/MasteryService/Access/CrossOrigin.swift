internal import HTTPServer

/// Which web pages of other origins may ask (the Fetch standard's CORS protocol), and what every answer says beside its own headers.
struct CrossOrigin: Sendable {
  /// Headers of an answer that a page may read.
  private static let exposed =
    "X-Correlation-ID, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-RateLimit-Used, Retry-After, WWW-Authenticate"
  /// Headers that a page may send.
  private static let accepted = "Authorization, Content-Type, Idempotency-Key, X-Correlation-ID, X-Request-ID, X-School-ID"

  /// The origins, `https://host:port`, as browsers write them.
  let origins: [String]
  /// Whether answers go out over TLS, and browsers shall remember that they always do.
  let isSecure: Bool

  /// Adds what an answer to this request has to say.
  func complete(_ response: HTTPResponse, to head: HTTPRequestHead) -> HTTPResponse {
    var response = response
    if isSecure { response.fields.append(HTTPField("Strict-Transport-Security", "max-age=31536000; includeSubDomains")) }
    guard !origins.isEmpty else { return response }
    // Also where the origin is not one of them: a cache must not hand this answer to a page of another origin.
    response.fields.append(HTTPField("Vary", "Origin"))
    if let origin = origin(of: head) {
      response.fields.append(HTTPField("Access-Control-Allow-Origin", origin))
      response.fields.append(HTTPField("Access-Control-Expose-Headers", Self.exposed))
    }
    return response
  }

  /// Whether a browser asks if a page of one of the origins may send a request.
  func isPreflight(_ head: HTTPRequestHead) -> Bool {
    head.method == "OPTIONS" && head.header("access-control-request-method") != nil && origin(of: head) != nil
  }

  /// What such a page may send.
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
