/// What answers the requests that a server takes in.
public protocol HTTPApplication: Sendable {
  /// Judges a request by its head, before any of its body is taken; called on the server's thread, so it must be quick.
  func admit(_ head: HTTPRequestHead) -> HTTPAdmission

  /// Words the answer to a request that the server itself refuses; called on the server's thread.
  func refuse(_ refusal: HTTPRefusal, _ head: HTTPRequestHead) -> HTTPResponse

  /// Takes in a body that is over the limit of what is collected, instead of refusing it; called on the server's thread.
  ///
  /// - Returns: What takes the body from its first byte on; nil where the request is refused as too large.
  func bodyReader(for head: HTTPRequestHead) -> (any HTTPBodyReader)?

  /// Whether a request shows that it comes from a neighbour, such as the sidecar, who keeps connections longer than others may; asked
  /// on the server's thread of every connection that is not known as a neighbour's yet.
  func isNeighbour(_ head: HTTPRequestHead) -> Bool

  /// Whose room the body of a request takes that is taken in; called on the server's thread.
  func share(of head: HTTPRequestHead) -> HTTPBodyShare

  /// Answers a whole request. What returns without suspending is answered on the server's thread, without a detour.
  func answer(_ request: HTTPRequest) async -> HTTPResponse
}

extension HTTPApplication {
  /// Refuses every body over the limit.
  public func bodyReader(for head: HTTPRequestHead) -> (any HTTPBodyReader)? { nil }

  /// Gives all room to everybody.
  public func share(of head: HTTPRequestHead) -> HTTPBodyShare { .neighbour }

  /// Knows nobody by what is asked.
  public func isNeighbour(_ head: HTTPRequestHead) -> Bool { false }
}

/// Whether a request's body is taken.
public enum HTTPAdmission: Sendable {
  /// The body is collected up to that many bytes; what has more goes to the application's `bodyReader`, or is refused.
  case accept(bodyLimit: Int)
  /// The request is answered at once; its body is not read.
  case refuse(HTTPResponse)
}

/// Whose room a body takes among the bodies under way.
public enum HTTPBodyShare: Sendable {
  /// Everybody's, which is half of all.
  case common
  /// A neighbour's, such as the sidecar, who finds room whatever others send.
  case neighbour
}

/// Why the server refuses a request before the application sees it.
public enum HTTPRefusal: Error, Hashable, Sendable {
  /// The message is framed in a way that two readers could understand differently; why.
  case badFraming(String)
  /// The body is over that many bytes.
  case bodyTooLarge(limit: Int)
  /// Bodies under way fill the memory that is kept for them.
  case overloaded
  /// The server is stopping.
  case stopping
  /// The request cannot be read; the status says why: 400 it is not well formed, 413 its length is no number that fits 64 bits, 414 or
  /// 431 its target or all of its head have no room, 505 it is of another version of HTTP.
  case unreadable(status: Int)
}
