internal import JSON
internal import MasteryCore

/// An operation of the service; a value of the type is one valid request.
///
/// Routes, `/process`, and the API description are all derived from the declarations, so adding an intent takes one file and one row in
/// `IntentTable`.
protocol Intent: Sendable {
  /// The name, path, audience, rate and fields of the intent.
  static var declaration: IntentDeclaration { get }

  /// Reads the request.
  ///
  /// - Throws: `JSONInvalid` naming the field, its value and its constraint.
  init(_ fields: RequestFields) throws(JSONInvalid)

  /// The student that the request is about; nil if there is none.
  var subject: StudentID? { get }

  /// Who may make this particular request; the declaration's audience, unless the request asks for more than usual.
  var audience: AccessPolicy { get }

  /// The students whose stored data it shows or changes: each access to them is recorded.
  var accessed: [StudentID] { get }

  /// The polled job: polls of the same job within a minute count as one access; nil if each request is its own access.
  var polled: String? { get }

  /// Computes the answer.
  ///
  /// - Throws: `Problem` if the resource does not exist, or cannot be read now.
  func answer(_ context: IntentContext) async throws(Problem) -> Answer
}

extension Intent {
  var audience: AccessPolicy { Self.declaration.audience }
  var accessed: [StudentID] { subject.map { [$0] } ?? [] }
  var polled: String? { nil }
}
