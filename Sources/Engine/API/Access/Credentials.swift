internal import HTTPServer
internal import MasteryCore

/// The credentials of a request, whichever entry point it uses.
struct Credentials: Sendable {
  /// A token as presented.
  enum Presented: Sendable {
    case nothing
    case bearer(String)
    /// Credentials that are not a single bearer token.
    case unusable
  }

  var token: Presented
  /// The `X-School-ID` headers, unparsed.
  let schools: [String]

  /// Reads the credentials of a request's head: the token from `Authorization` (RFC 6750, 2.1).
  init(_ head: HTTPRequestHead) {
    schools = head.values(of: "x-school-id")
    let given = head.values(of: "authorization")
    switch given.count {
    case 0: token = .nothing
    case 1: token = Self.bearer(given[0])
    default: token = .unusable
    }
  }

  /// The same request with what its body presents, if anything, which takes precedence over the header's.
  func presenting(_ presented: Presented?) -> Self {
    var own = self
    own.token = presented ?? token
    return own
  }

  private static func bearer(_ value: String) -> Presented {
    let scheme = value.prefix { $0 != " " }
    guard scheme.lowercased() == "bearer" else { return .unusable }
    let token = value.dropFirst(scheme.count).drop { $0 == " " }
    return token.isEmpty ? .unusable : .bearer(String(token))
  }
}
