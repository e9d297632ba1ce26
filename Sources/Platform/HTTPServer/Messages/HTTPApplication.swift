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

/// Whether a request's body is accepted.
public enum HTTPAdmission: Sendable {
  /// The body is taken in, and the request is answered.
  case accept(HTTPAcceptance)
  /// The request is answered at once; its body is not read.
  case refuse(HTTPResponse)
}

extension HTTPAdmission {
  /// Accepts a request.
  ///
  /// - Parameters:
  ///   - bodyLimit: The limit of a collected body.
  ///   - share: Whose room the body takes.
  ///   - context: What the application worked out from the head.
  /// - Returns: The admission.
  public static func accept(bodyLimit: Int, share: HTTPBodyShare = .neighbour, context: (any Sendable)? = nil) -> Self {
    .accept(HTTPAcceptance(bodyLimit: bodyLimit, share: share, context: context))
  }
}

/// How a request is accepted.
public struct HTTPAcceptance: Sendable {
  /// The body is collected up to that many bytes; a larger one goes to the application's `bodyReader`, or is refused.
  public let bodyLimit: Int
  /// Whose room the body takes.
  public let share: HTTPBodyShare
  /// What the application worked out from the head; it comes back with the request.
  public let context: (any Sendable)?
}

/// Whose room a body takes among the bodies in flight.
public enum HTTPBodyShare: Sendable {
  /// Everybody's, which is half of all.
  case common
  /// A neighbour's, such as the sidecar, which finds room whatever others send.
  case neighbour
}

/// Why the server refuses a request before the application sees it.
public enum HTTPRefusal: Error, Hashable, Sendable {
  /// The message's framing is ambiguous, so two readers could understand it differently; why.
  case badFraming(String)
  /// The body is over that many bytes.
  case bodyTooLarge(limit: Int)
  /// Bodies in flight fill the memory reserved for them.
  case overloaded
  /// The server is stopping.
  case stopping
  /// The request cannot be read; the status says why.
  ///
  /// 400: it is not well formed; 413: its length does not fit 64 bits; 414 or 431: its target or its whole head is too large; 505: it is of
  /// another version of HTTP.
  case unreadable(status: Int)
}
