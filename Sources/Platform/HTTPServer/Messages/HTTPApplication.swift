/// What answers a server's requests.
public protocol HTTPApplication: Sendable {
  /// Judges a request by its head, before any of its body is read; called on the server's thread, so it must be quick.
  func admit(_ head: HTTPRequestHead) -> HTTPAdmission

  /// Writes the answer to a request that the server itself refuses; called on the server's thread.
  func refuse(_ refusal: HTTPRefusal, _ head: HTTPRequestHead) -> HTTPResponse

  /// Accepts a body over the collection limit, instead of refusing it; called on the server's thread.
  ///
  /// - Returns: What reads the body from its first byte on; nil if the request is refused as too large.
  func bodyReader(for head: HTTPRequestHead) -> (any HTTPBodyReader)?

  /// Whether a request proves that it comes from a neighbour, such as the sidecar, which may keep connections longer than others.
  ///
  /// Asked on the server's thread for every connection that is not yet known as a neighbour's.
  func isNeighbour(_ head: HTTPRequestHead) -> Bool

  /// Answers a whole request; if it returns without suspending, the answer is made on the server's thread, without a detour.
  func answer(_ request: HTTPRequest) async -> HTTPResponse
}

extension HTTPApplication {
  /// Refuses every body over the limit.
  public func bodyReader(for head: HTTPRequestHead) -> (any HTTPBodyReader)? { nil }

  /// Takes no request as a proof of a neighbour.
  public func isNeighbour(_ head: HTTPRequestHead) -> Bool { false }

  /// Answers a request in the server's steps: judges its head, refuses a body over the limit, and answers with what the head said; for
  /// tests and stand-ins, and for requests that have waited.
  public func respond(to request: HTTPRequest) async -> HTTPResponse {
    switch admit(request.head) {
    case .refuse(let response): return response
    case .accept(let acceptance) where request.body.count > acceptance.bodyLimit:
      return refuse(.bodyTooLarge(limit: acceptance.bodyLimit), request.head)
    case .accept(let acceptance): return await answer(request.accepted(acceptance))
    }
  }
}

extension HTTPRequest {
  /// The request with what the application worked out from its head.
  public func accepted(_ acceptance: HTTPAcceptance) -> HTTPRequest {
    var accepted = self
    accepted.context = acceptance.context
    return accepted
  }
}
