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

  /// Creates an answer whose data is written by a closure.
  init(status: Int = 200, showing shown: [StudentID] = [], _ write: (inout JSONWriter) -> Void) {
    var json = JSONWriter(capacity: 1024)
    write(&json)
    self.status = status
    self.shown = shown
    data = json.bytes
  }
}
