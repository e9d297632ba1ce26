/// Events that callers hand in by HTTP, each of a student of its own.
enum IngestedEvent {
  /// The id of a call's event.
  static func id(_ call: Int) -> String { "call-\(call)" }

  /// The student of a call's event.
  static func student(_ call: Int) -> String { "caller-\(call)" }

  /// The bytes of a call.
  static func request(_ call: Int) -> [UInt8] {
    let body =
      #"{"event_type":"quiz.completed","event_id":"\#(id(call))","student_id":"\#(student(call))","#
      + #""data":{"total_questions":10,"correct_answers":7}}"#
    return LoadGenerator.request("POST", "/mastery/ingest", body: body)
  }
}
