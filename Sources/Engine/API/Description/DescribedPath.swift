internal import Schemas

/// A path that is no intent's, as documents describe it.
struct DescribedPath: Sendable {
  /// Who may ask.
  enum Audience: Sendable {
    /// Everybody.
    case open
    /// The service's own sidecar.
    case sidecar
  }

  /// An answer.
  struct Answer: Sendable {
    let status: Int
    let meaning: String
    var contentType = "application/json"
    var schema: Schema?
  }

  let method: String
  let path: String
  let name: String
  let summary: String
  let audience: Audience
  var parameters: [FieldDeclaration] = []
  /// What the body may be; nil if there is none.
  var body: Schema?
  let answers: [Answer]
  /// The kinds of refusal.
  var refusals: [RefusalKind] = []
}
