import HTTPServer
import JSON
import MasteryCore
import Simulation

@testable import MasteryService

extension FuzzTarget {
  /// A stored value is a document that writes back to the same bytes, or is left alone; requests and events on it are always answered.
  static let documents = FuzzTarget(name: "documents") {
    [
      #"{"schema":1,"student_id":"s-1","evidence":{"cut":20684,"baseline":{"quality":[[1787097599000,"e-0",0.5]]},"days":[[20770,{"quiz":[1794528000000,"e-1",0.8,"lms"],"completion":[1794528000001,"e-2",1]}],[20777,{"consistency":[1795132800000,"e-3",0.123456789]}]],"cohort":["c",1795132800000,"e-3"]},"ledger":{"epoch":1795132800,"revision":3,"said":{"saved_at":1795132900000,"previous_score":0.24,"caused_by":["e-3"],"caused_by_count":1},"outbox":[{"id":"0f0e","topic":"mastery.events","body":{"event_id":"0f0e"}}],"cohorts":["b","c"],"consent":{"granted":true,"recorded_at":1795000000000,"recorded_by":"p"},"erased_at":1700000000000,"later":[1,2]},"newer":{"a":1}}"#,
      #"{"schema":1,"student_id":"s-1","evidence":{"cut":20684,"baseline":{"quiz":[[1787097599000,"e-0",0.5,null,-480]]},"days":[[20770,{"quiz":[1794470400000,"e-1",0.8,"lms",540],"completion":[1794470400001,"e-2",1,null,840]}]]},"ledger":{"epoch":1795132800,"revision":3,"outbox":[],"cohorts":[]}}"#,
      #"{"schema":1,"student_id":"s-1","evidence":{"cut":20684,"baseline":{},"days":[],"cohort":["c",1794528000000,"e-1",2],"topics":["#
        + #"{"topic":"a","baseline":{"quiz":[[1787097599000,"e-0",[10,8,30.5,2]],[1787011199000,"e-0",null,null,0,1]]},"days":[]},"#
        + #"{"course":"c","baseline":{},"days":[[20770,{"completion":[1794528000001,"e-2",[5,4,"advanced"]],"quality":[1794528000000,"#
        + #""e-1",[0.5,null,1],"lms"],"consistency":[1794528000000,"e-1",[1,2,0.5]]}]]},"#
        + #"{"course":"c","topic":"a/b","baseline":{},"days":[[20770,{"quiz":[1794528000000,"e-1",[4,3,null,2],null,-480,7]}]]}],"#
        + #""cohorts":[["c","d",1794528000000,"e-1"]]},"ledger":{"epoch":1,"revision":1,"said":{"saved_at":7,"caused_by":["e-1"],"#
        + #""caused_by_count":1,"topics":[{"course":"c","topic":"a/b"}]},"outbox":[],"cohorts":["c","d"]}}"#,
      #"{"schema":2,"student_id":"s-1","evidence":{"cut":0,"baseline":{},"days":[]},"ledger":{"epoch":0,"revision":0,"outbox":[],"cohorts":[]}}"#,
      #"{"schema":1,"student_id":"s-1","evidence":{"cut":0,"baseline":{},"days":[]},"ledger":{"epoch":9223372036854775807,"revision":9223372036854775807,"outbox":[],"cohorts":[]}}"#,
      #"{"schema":3,"student_id":"s-1"}"#, #""text""#,
    ].map { Array($0.utf8) }
  } run: { bytes throws(Broken) in
    guard let student = StudentID("s-1") else { return }
    let key = StudentKey(school: nil, student: student)
    let document = try? FuzzedService.document(bytes, of: key)
    if let document {
      let written = StudentDocumentWriter.bytes(of: document)
      guard let again = try? FuzzedService.document(written, of: key) else {
        throw Broken(description: "what was written cannot be read: \(String(decoding: written, as: UTF8.self))")
      }
      try Broken.unless(again == document, "what was written is another document: \(String(decoding: written, as: UTF8.self))")
      try Broken.unless(StudentDocumentWriter.bytes(of: again) == written, "the same document has two texts")
    }
    try asked(bytes, document, key)
  }

  private static func asked(_ bytes: [UInt8], _ document: StudentDocument?, _ key: StudentKey) throws(Broken) {
    let fuzzed = FuzzedService()
    fuzzed.sidecar.put(bytes, at: key.documentKey)
    let questions = [
      ("/mastery/query", #","include_topics":true,"include_history":true"#), ("/mastery/query", #","course_id":"c","topic":"a""#),
      ("/predictions/trajectory", ""), ("/predictions/next-week", #","course_id":"c""#), ("/analytics/mastery-history", ""),
      ("/recommendations/adaptive", ""), ("/recommendations/learning-path", ""),
    ]
    for (path, rest) in questions {
      let head = HTTPRequestHead(method: "POST", target: path, fields: [HTTPField("Content-Type", "application/json")])
      let response = try fuzzed.answer(HTTPRequest(head: head, body: Array(#"{"student_id":"s-1"\#(rest)}"#.utf8)))
      let isAnswered = document == nil ? [404, 500, 503].contains(response.status) : [200, 404].contains(response.status)
      try Broken.unless(isAnswered, "\(path): \(response.status) \(String(decoding: response.body, as: UTF8.self))")
    }
    let event =
      #"{"event_id":"e-9","event_type":"quiz","timestamp":1795200000000,"student_id":"s-1","data":{"total_questions":4,"correct_answers":3}}"#
    _ = try fuzzed.deliver(Array(event.utf8))
    let stored = fuzzed.sidecar.stored(key.documentKey)?.value ?? []
    guard document != nil else { return try Broken.unless(stored == bytes, "what could not be read was written over") }
    try Broken.unless((try? FuzzedService.document(stored, of: key)) != nil, "an event left a document that cannot be read")
  }
}
