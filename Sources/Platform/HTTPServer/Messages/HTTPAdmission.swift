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
