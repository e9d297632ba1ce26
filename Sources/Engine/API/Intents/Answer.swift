internal import JSON
internal import MasteryCore

/// An intent's answer.
struct Answer: Sendable {
  var status = 200
  /// The JSON text of `data`.
  var data: [UInt8]
  var headers: [Problem.Detail] = []
  /// Students whose stored data it shows although the request does not name them; each access is recorded.
  var shown: [StudentID] = []
  /// Whether it shows that data about the named student is stored, even without a document.
  var showsStored = false

  /// Creates an answer whose data is an object; the closure writes its members.
  init(status: Int = 200, showing shown: [StudentID] = [], _ members: (inout JSONWriter) -> Void) {
    self.status = status
    self.shown = shown
    data = JSONWriter.object(capacity: 1024, members)
  }
}
