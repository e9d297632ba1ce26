internal import HTTPServer
internal import MasteryCore

/// What a request brings along to say who asks, whichever door it comes through.
struct Credentials: Sendable {
  /// A token, as it was presented.
  enum Presented: Sendable {
    case nothing
    case bearer(String)
    /// Something that is no one bearer token.
    case unusable
  }

  var token: Presented
  /// The headers `X-School-ID`, as they stand.
  let schools: [String]

  /// What a request's head brings: the token of `Authorization` (RFC 6750, 2.1).
  init(_ head: HTTPRequestHead) {
    schools = head.values(of: "x-school-id")
    let given = head.values(of: "authorization")
    switch given.count {
    case 0: token = .nothing
    case 1: token = Self.bearer(given[0])
    default: token = .unusable
    }
  }

  /// The same request with the token that its body brings, which counts before that of the head.
  func presenting(_ token: String) -> Self {
    var own = self
    own.token = .bearer(token)
    return own
  }

  private static func bearer(_ value: String) -> Presented {
    let scheme = value.prefix { $0 != " " }
    guard scheme.lowercased() == "bearer" else { return .unusable }
    let token = value.dropFirst(scheme.count).drop { $0 == " " }
    return token.isEmpty ? .unusable : .bearer(String(token))
  }
}
