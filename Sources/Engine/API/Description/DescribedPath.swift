internal import Schemas

/// A path that is no intent's, as documents describe it.
struct DescribedPath: Sendable {
  /// Who may ask.
  enum Audience: Sendable {
    /// Everybody.
    case open
    /// The service's own sidecar.
    case sidecar
    /// Whoever has a token.
    case callers

    /// In a phrase.
    var inWords: String {
      switch self {
      case .open: "everybody"
      case .sidecar: "the sidecar"
      case .callers: "whoever has a token"
      }
    }
  }

  /// An answer.
  struct Answer: Sendable {
    let status: Int
    let meaning: String
    /// Nil for an answer without a body.
    var contentType: String? = "application/json"
    var schema: Schema?
  }

  let method: String
  let path: String
  let name: String
  let summary: String
  let audience: Audience
  var parameters: [FieldDeclaration] = []
  /// Headers that it reads beside those that every request may have.
  var headers: [RequestHeader] = []
  /// What the body may be; nil if there is none.
  var body: Schema?
  /// The JSON text of an example of it; nil if there is none.
  var example: StaticString?
  let answers: [Answer]
  /// The kinds of refusal.
  var refusals: [RefusalKind] = []
  /// Whether refusals are errors of JSON-RPC.
  var refusesByRPC = false
}
