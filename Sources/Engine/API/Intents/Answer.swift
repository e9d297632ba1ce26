internal import JSON
internal import MasteryCore
internal import Schemas

/// An intent's answer.
struct Answer: Sendable {
  /// What was declared of it.
  let declaration: AnswerDeclaration
  /// The JSON text of `data`.
  let data: [UInt8]
  var headers: [Problem.Detail] = []
  /// Students whose stored data it shows although the request does not name them; each access is recorded.
  var shown: [StudentID] = []
  /// Whether it shows that data about the named student is stored, even without a document.
  var showsStored = false

  /// Creates a declared answer with its content.
  init<Content>(_ shape: AnswerShape<Content>, _ content: Content, showing shown: [StudentID] = []) {
    declaration = shape.declaration
    data = JSONWriter.object(capacity: 1024) { shape.data.writeMembers(of: content, to: &$0) }
    self.shown = shown
  }

  /// The HTTP status.
  var status: Int { declaration.status }
}
