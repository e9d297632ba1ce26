internal import JSON
internal import MasteryCore
internal import Schemas

/// An intent's answer.
struct Answer: Sendable {
  /// The HTTP status.
  let status: Int
  /// The JSON text of `data`.
  let data: [UInt8]
  var headers: [Problem.Detail] = []
  /// Students whose stored data it shows although the request does not name them; each access is recorded.
  var shown: [StudentID] = []
  /// Whether it shows that data about the named student is stored, even without a document.
  var showsStored = false

  /// Creates a declared answer with its content.
  init<Content>(_ shape: AnswerShape<Content>, _ content: Content, showing shown: [StudentID] = []) {
    status = shape.declaration.status
    data = JSONWriter.object(capacity: 1024) { shape.data.writeMembers(of: content, to: &$0) }
    self.shown = shown
  }
}
