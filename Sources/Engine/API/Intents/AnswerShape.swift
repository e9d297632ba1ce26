internal import Schemas

/// A declared answer of an intent: its status, and the form of its `data`.
struct AnswerShape<Content>: Sendable {
  /// What is declared of it.
  let declaration: AnswerDeclaration
  /// The form of `data`.
  let data: ObjectShape<Content>

  /// Declares an answer.
  ///
  /// - Parameters:
  ///   - status: The HTTP status.
  ///   - meaning: When this answer is given, in a phrase.
  ///   - data: The form of `data`.
  init(status: Int = 200, _ meaning: String, _ data: ObjectShape<Content>) {
    declaration = AnswerDeclaration(status: status, meaning: meaning, data: data.schema)
    self.data = data
  }
}

/// What is declared of an answer.
struct AnswerDeclaration: Sendable {
  /// The HTTP status.
  let status: Int
  /// When this answer is given, in a phrase.
  let meaning: String
  /// What `data` holds.
  let data: ObjectSchema
}
