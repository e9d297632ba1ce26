/// The name, path, audience, rate and fields of an intent.
struct IntentDeclaration: Sendable {
  /// The name in `/process`, metrics and logs.
  let name: String
  /// The HTTP method.
  var method = "POST"
  /// The HTTP path, with path fields in braces.
  let path: String
  /// The purpose in one sentence.
  let summary: String
  /// Who may use it, and about whom.
  let audience: AccessPolicy
  /// How often a student may use it in a minute; other roles get a multiple of that.
  let perMinute: Int
  /// The fields of the request, in the order of the API description.
  let fields: [FieldDeclaration]
  /// The answers to requests that succeed; refusals are the same for all intents.
  let answers: [AnswerDeclaration]
  /// A request about the students of the sample, as JSON; path fields included.
  let example: StaticString
}
