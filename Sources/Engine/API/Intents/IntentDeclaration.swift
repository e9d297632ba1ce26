/// The name, path, audience, rate and fields of an intent.
final class IntentDeclaration: Sendable {
  /// The name in `/process`, metrics and logs.
  let name: String
  /// The HTTP method.
  let method: String
  /// The HTTP path, with path fields in braces.
  let path: String
  /// The purpose in one sentence.
  let summary: String
  /// Who may use it, and about whom.
  let audience: AccessPolicy
  /// How often a student may use it in a minute; other roles get a multiple of that.
  let perMinute: Int
  /// What it does to what is stored.
  let effect: IntentEffect
  /// The fields of the request, in the order of the API description.
  let fields: [FieldDeclaration]
  /// The answers to requests that succeed; refusals are the same for all intents.
  let answers: [AnswerDeclaration]
  /// A request about the students of the sample, as JSON; path fields included.
  let example: StaticString

  /// Declares an intent; each request reads this, so it is not copied.
  init(
    name: String, method: String = "POST", path: String, summary: String, audience: AccessPolicy, perMinute: Int,
    effect: IntentEffect = .none, fields: [FieldDeclaration], answers: [AnswerDeclaration], example: StaticString
  ) {
    (self.name, self.method, self.path, self.summary, self.audience) = (name, method, path, summary, audience)
    self.effect = effect
    (self.perMinute, self.fields, self.answers, self.example) = (perMinute, fields, answers, example)
  }
}
