/// A kind of refusal that documents list once.
enum RefusalKind: String, CaseIterable, Sendable {
  case invalid, unauthenticated, forbidden, notFound, wrongMethod, notAcceptable, conflict, tooLarge, wrongType, limited, headersTooLarge,
    failed
  case unavailable, wrongVersion
  /// The sidecar's token is missing or wrong, or another app asks through the sidecar.
  case sidecar
  /// The request cannot be read: what the server itself refuses.
  case unreadable

  /// The kinds of a request to an intent, whichever it is.
  static let ofIntents: [Self] = [
    .invalid, .unauthenticated, .forbidden, .notFound, .tooLarge, .wrongType, .limited, .failed, .unavailable, .unreadable,
  ]

  /// The HTTP statuses, each with the name that documents list it under, and when it is given.
  var answers: [(status: Int, name: String, meaning: String)] {
    switch self {
    case .invalid: [(400, "Invalid", "a field or the request breaks a rule; details say which field, its value and the constraint")]
    case .unauthenticated:
      [(401, "Unauthenticated", "the token is missing, malformed, expired, not yet good or wrongly signed; see WWW-Authenticate")]
    case .forbidden:
      [(403, "Forbidden", "your role may not ask this, or not about this student; it does not tell whether the student exists")]
    case .notFound: [(404, "NotFound", "there is no such student, batch, cohort or path in your school")]
    case .wrongMethod: [(405, "WrongMethod", "the path exists, the method does not; see Allow")]
    case .notAcceptable: [(406, "NotAcceptable", "Accept does not allow application/json")]
    case .conflict: [(409, "Conflict", "the Idempotency-Key was used before with another body")]
    case .tooLarge: [(413, "TooLarge", "the body is over 1 MiB, or there is one where none is expected")]
    case .wrongType: [(415, "WrongType", "the body is not application/json, or it is compressed")]
    case .limited: [(429, "Limited", "you ask too often; try again after Retry-After seconds")]
    case .headersTooLarge: [(431, "HeadersTooLarge", "request line and headers are over 24 KiB together")]
    case .failed: [(500, "Failed", "the request could not be worked on; the log line with the same correlation id explains it")]
    case .unavailable:
      [
        (
          503, "Unavailable",
          "sidecar, store or broker do not answer, or the service is at its limit, starting or stopping; try again after Retry-After seconds"
        )
      ]
    case .wrongVersion: [(505, "WrongVersion", "the request is neither HTTP/1.1 nor HTTP/1.0")]
    case .sidecar: Self.unauthenticated.answers + Self.forbidden.answers
    case .unreadable:
      Self.invalid.answers + Self.tooLarge.answers + Self.headersTooLarge.answers + Self.unavailable.answers + Self.wrongVersion.answers
    }
  }
}
