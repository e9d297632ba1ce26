/// The name, path, audience, rate and fields of an intent.
final class IntentDeclaration: Sendable {
  /// The name in `/process`, metrics and logs.
  let name: String
  /// The short name by which people and agents call it on the command line.
  let shortName: String
  /// The HTTP method.
  let method: String
  /// The HTTP path, with path fields in braces.
  let path: String
  /// The purpose in one sentence.
  let summary: String
  /// Who may use it, and about whom.
  let audience: AccessPolicy
  /// What its requests do with what is stored.
  let storedData: StoredDataUse
  /// How often a student may use it in a minute; other roles get a multiple of that.
  let perMinute: Int
  /// The fields of the request, in the order of the API description.
  let fields: [FieldDeclaration]
  /// The answers to requests that succeed; refusals are the same for all intents.
  let answers: [AnswerDeclaration]
  /// A request about the students of the sample, as JSON; path fields included.
  let example: StaticString

  /// Declares an intent; each request reads this, so it is not copied.
  ///
  /// Without a short name of its own it is called by its name, with `-` for `_` and without `mastery_`.
  init(
    name: String, shortName: String? = nil, method: String = "POST", path: String, summary: String, audience: AccessPolicy,
    storedData: StoredDataUse = .reads, perMinute: Int, fields: [FieldDeclaration], answers: [AnswerDeclaration], example: StaticString
  ) {
    (self.name, self.method, self.path, self.summary, self.audience) = (name, method, path, summary, audience)
    (self.perMinute, self.fields, self.answers, self.example) = (perMinute, fields, answers, example)
    self.shortName = shortName ?? String(name.trimmingPrefix("mastery_")).replacing("_", with: "-")
    self.storedData = storedData
  }
}
