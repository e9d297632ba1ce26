import HTTPServer
import JSON
import Simulation

@testable import MasteryService

extension FuzzTarget {
  /// Any request gets an answer of the Contract article, "HTTP API", never a failure of the service.
  static let requests = FuzzTarget(name: "requests") {
    let student = #"{"student_id":"s-1"}"#
    let bodies: [(String, String)] = [
      ("/mastery/query", #"{"student_id":"s-1","date":"2026-11-20","include_components":true}"#), ("/api/v1/mastery/query", student),
      ("/mastery/query", #"{"student_id":"s-1","course_id":"c","topic":"a/b","include_topics":true}"#),
      (
        "/mastery/ingest",
        #"{"event_type":"quiz","student_id":"s-1","event_id":"e-9","timestamp":"2026-11-20T01:02:03Z","course_id":"c","topic":"a/b","#
          + #""correction":1,"retracted":true}"#
      ),
      (
        "/mastery/calculate",
        #"{"student_id":"s-1","components":{"quiz":0.5,"completion":{"total_exercises":2,"completed_exercises":1,"difficulty":"advanced"},"quality":{"correctness":1},"consistency":{"current_streak":1,"max_streak":2,"days_since_last_activity":0}},"weights":{"completion":0.25,"quiz":0.25,"quality":0.25,"consistency":0.25},"persist":true}"#
      ),
      (
        "/mastery/ingest",
        #"{"event_type":"quiz","student_id":"s-1","data":{"total_questions":4,"correct_answers":3,"time_spent":9.5,"attempts":2},"event_id":"e-9","timestamp":"2026-11-20T01:02:03Z","metadata":{"source":"lms","cohort_id":"c"}}"#
      ), ("/recommendations/adaptive", #"{"student_id":"s-1","limit":3,"priority":"high"}"#),
      ("/recommendations/learning-path", #"{"student_id":"s-1","goal":"prepare_assessment"}"#),
    ]
    let processed = IntentTable.standard.names.map { name in
      ("/process", #"{"intent":"\#(name)","payload":\#(student),"security_context":{"correlation_id":"c-1"}}"#)
    }
    let fields = [("Content-Type", "application/json"), ("X-School-ID", "north"), ("Idempotency-Key", "k-1"), ("X-Correlation-ID", "c-1")]
    let asked = (bodies + processed).flatMap { target, body in
      [[], fields].map { WholeRequest(method: "POST", target: target, fields: $0, body: Array(body.utf8)) }
    }
    let read = ["/", "/health", "/ready", "/ready?scope=process", "/metrics", "/dapr/subscribe", "/dapr/config", "/nothing"].map {
      WholeRequest(method: "GET", target: $0, body: [])
    }
    return (asked + read).map(\.text)
  } run: { bytes throws(Broken) in
    let fuzzed = FuzzedService()
    _ = try fuzzed.deliver(Array(known.utf8))
    let response = try fuzzed.answer(WholeRequest(bytes).request)
    let text = String(decoding: response.body, as: UTF8.self)
    try Broken.unless(answers.contains(response.status), "status \(response.status): \(text)")
    for field in response.fields {
      let isPlain = (field.name + field.value).utf8.allSatisfy { (0x20..<0x7F).contains($0) }
      try Broken.unless(isPlain, "the header \(field.name) holds what splits headers")
    }
    let isJSON = response.fields.contains { $0.name.lowercased() == "content-type" && $0.value.hasPrefix("application/json") }
    let parsed = try? JSONDocument.parse(response.body) { root in root["success"]?.boolean ?? true }
    try Broken.unless(!isJSON || parsed == (response.status < 400), "status \(response.status) and body disagree: \(text)")
  }

  private static let answers: Set<Int> = [200, 202, 400, 401, 403, 404, 405, 409, 413, 415, 429, 431]

  /// The student in the seeds, with and without a school.
  private static let known = ["", #","school_id":"north""#].map { school in
    #"{"entryId":"\#(school.count)","event":{"event_id":"e-1","event_type":"quiz","timestamp":1795000000000,"student_id":"s-1","data":{"total_questions":4,"correct_answers":3},"metadata":{"source":"lms"\#(school)}}}"#
  }.joined(separator: ",").wrapped
}

extension String {
  /// Entries as a bulk delivery.
  fileprivate var wrapped: String { #"{"entries":[\#(self)]}"# }
}
