import Testing

/// A request that breaks a rule: the field that the error names and the value that it shows.
struct BadRequest: Sendable, CustomTestStringConvertible {
  let path: String
  let body: String
  let field: String
  /// The content of `value`; nil if the field is missing.
  let value: String?

  init(_ path: String, _ body: String, _ field: String, _ value: String?) {
    self.path = path
    self.body = body
    self.field = field
    self.value = value
  }

  var testDescription: String { "\(path) \(body.prefix(100))" }

  private static let query = "/mastery/query"
  private static let calculate = "/mastery/calculate"
  private static let ingest = "/mastery/ingest"
  private static let adaptive = "/recommendations/adaptive"
  private static let path = "/recommendations/learning-path"
  private static let quiz = #""event_type":"quiz","student_id":"s-1","data":{"total_questions":2,"correct_answers":1}"#

  static let all = bodies + queries + foresight + calculations + ingests + processes

  private static let bodies: [BadRequest] = [
    BadRequest(query, "", "body", nil), BadRequest(query, "{", "body", nil), BadRequest(query, "student_id=s-1", "body", nil),
    BadRequest(query, #"{"student_id":1e999}"#, "body", nil),
    BadRequest(query, String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000), "body", nil),
    BadRequest(query, "[]", "body", "an array"), BadRequest(query, "null", "body", "null"), BadRequest(query, "7", "body", "7"),
  ]

  private static let queries: [BadRequest] = [
    BadRequest(query, "{}", "student_id", nil), BadRequest(query, #"{"student_id":null}"#, "student_id", nil),
    BadRequest(query, #"{"student_id":-5}"#, "student_id", "-5"), BadRequest(query, #"{"student_id":5.5}"#, "student_id", "5.5"),
    BadRequest(query, #"{"student_id":9007199254740993}"#, "student_id", "9007199254740993"),
    BadRequest(query, #"{"student_id":{}}"#, "student_id", "an object"),
    BadRequest(query, #"{"student_id":""}"#, "student_id", #""""#),
    BadRequest(query, #"{"student_id":"\#(String(repeating: "s", count: 129))"}"#, "student_id", String(repeating: "s", count: 64)),
    BadRequest(query, #"{"student_id":"a\u0000b"}"#, "student_id", #"a\u0000b"#),
    BadRequest(query, #"{"student_id":"a\nb"}"#, "student_id", #"a\nb"#), BadRequest(query, #"{"student_id":"é"}"#, "student_id", "é"),
    BadRequest(query, #"{"student_id":"s-1","pupil":1}"#, "pupil", "1"),
    BadRequest(query, #"{"student_id":"s-1","student_id":"s-2"}"#, "student_id", "s-2"),
    BadRequest(query, #"{"student_id":"s-1","date":20260310}"#, "date", "20260310"),
    BadRequest(query, #"{"student_id":"s-1","date":"2026-02-29"}"#, "date", "2026-02-29"),
    BadRequest(query, #"{"student_id":"s-1","date":"2026-03-16"}"#, "date", "2026-03-16"),
    BadRequest(query, #"{"student_id":"s-1","date":"2025-12-14"}"#, "date", "2025-12-14"),
    BadRequest(query, #"{"student_id":"s-1","include_components":"yes"}"#, "include_components", "yes"),
    BadRequest(adaptive, #"{"student_id":"s-1","limit":0}"#, "limit", "0"),
    BadRequest(adaptive, #"{"student_id":"s-1","limit":11}"#, "limit", "11"),
    BadRequest(adaptive, #"{"student_id":"s-1","limit":2.5}"#, "limit", "2.5"),
    BadRequest(adaptive, #"{"student_id":"s-1","limit":"3"}"#, "limit", "3"),
    BadRequest(adaptive, #"{"student_id":"s-1","limit":18446744073709551615}"#, "limit", "18446744073709551615"),
    BadRequest(adaptive, #"{"student_id":"s-1","priority":"urgent"}"#, "priority", "urgent"),
    BadRequest(path, #"{"student_id":"s-1","goal":"win"}"#, "goal", "win"),
  ]

  private static let foresight: [BadRequest] =
    [
      (#""days":6"#, "days", "6"), (#""days":91"#, "days", "91"), (#""aggregation":"yearly""#, "aggregation", "yearly"),
      (#""format":"xml""#, "format", "xml"),
      (#""start_date":"2026-03-01""#, "end_date", nil), (#""end_date":"2026-03-01""#, "start_date", nil),
      (#""start_date":"2026-03-01","end_date":"2026-03-06""#, "end_date", "2026-03-06"),
      (#""start_date":"2026-03-06","end_date":"2026-03-01""#, "end_date", "2026-03-01"),
      (#""start_date":"2025-12-01","end_date":"2026-03-01""#, "end_date", "2026-03-01"),
      (#""start_date":"2026-03-01","end_date":"2026-03-16""#, "end_date", "2026-03-16"),
      (#""start_date":"2026-03-01","end_date":"2026-03-10","days":10"#, "days", "10"),
      (#""end_date":"2026-03-10","days":10"#, "days", "10"),
    ].map { BadRequest("/analytics/mastery-history", #"{"student_id":"s-1",\#($0.0)}"#, $0.1, $0.2) } + [
      BadRequest("/predictions/next-week", #"{"student_id":"s-1","timeframe_days":0}"#, "timeframe_days", "0"),
      BadRequest("/predictions/next-week", #"{"student_id":"s-1","timeframe_days":31}"#, "timeframe_days", "31"),
      BadRequest("/predictions/next-week", #"{"student_id":"s-1","fresh":"yes"}"#, "fresh", "yes"),
      BadRequest("/predictions/next-week", #"{"student_id":"s-1","timeframe_days":7,"days":7}"#, "days", "7"),
      BadRequest("/mastery/query", #"{"student_id":"s-1","days_history":91}"#, "days_history", "91"),
      BadRequest("/predictions/trajectory", #"{"student_id":"s-1","days":91}"#, "days", "91"),
      BadRequest("/predictions/trajectory", #"{"student_id":"s-1","horizon_days":31}"#, "horizon_days", "31"),
    ]

  private static let calculations: [BadRequest] = [
    BadRequest(calculate, "{}", "components", nil), BadRequest(calculate, #"{"components":[]}"#, "components", "an array"),
    BadRequest(calculate, #"{"components":{"speed":1}}"#, "components.speed", "1"),
    BadRequest(calculate, #"{"components":{"quiz":1.001}}"#, "components.quiz", "1.001"),
    BadRequest(calculate, #"{"components":{"quiz":-0.1}}"#, "components.quiz", "-0.1"),
    BadRequest(calculate, #"{"components":{"quiz":"0.5"}}"#, "components.quiz", "0.5"),
    BadRequest(calculate, #"{"components":{"quiz":{"total_questions":2}}}"#, "components.quiz.correct_answers", nil),
    BadRequest(
      calculate, #"{"components":{"quiz":{"total_questions":2,"correct_answers":3}}}"#, "components.quiz.correct_answers", "3"),
    BadRequest(
      calculate, #"{"components":{"quiz":{"total_questions":2,"correct_answers":1,"mood":1}}}"#, "components.quiz.mood", "1"),
    BadRequest(calculate, #"{"components":{"quiz":1},"weights":{"quiz":0.5}}"#, "weights", "an object"),
    BadRequest(calculate, #"{"components":{"quiz":1},"weights":{"quiz":2,"completion":-1}}"#, "weights", "an object"),
    BadRequest(calculate, #"{"components":{"quiz":1},"weights":{"quiz":1,"speed":0}}"#, "weights", "an object"),
    BadRequest(calculate, #"{"components":{"quiz":1},"weights":{"quiz":0.5,"completion":0.5}}"#, "weights", "an object"),
    BadRequest(
      calculate, #"{"components":{"quiz":1},"weights":{"completion":0.25,"quiz":0.25,"quality":0.25,"consistency":0.2501}}"#, "weights",
      "an object"),
    BadRequest(calculate, #"{"components":{"quiz":1},"persist":true}"#, "student_id", nil),
    BadRequest(calculate, #"{"components":{"quiz":1},"persist":1}"#, "persist", "1"),
  ]

  private static let ingests: [BadRequest] = [
    BadRequest(ingest, #"{"student_id":"s-1","data":{}}"#, "event_type", nil),
    BadRequest(ingest, #"{"event_type":"exam","student_id":"s-1"}"#, "event_type", "exam"),
    BadRequest(ingest, #"{"event_type":"quiz","data":{}}"#, "student_id", nil),
    BadRequest(ingest, #"{"event_type":"quiz","student_id":"s-1","data":[]}"#, "data", "an array"),
    BadRequest(ingest, #"{"event_type":"quiz","student_id":"s-1","data":{"total_questions":2}}"#, "data.correct_answers", nil),
    BadRequest(ingest, #"{\#(quiz),"timestamp":"2026-03-15T12:05:00.001Z"}"#, "timestamp", "2026-03-15T12:05:00.001Z"),
    BadRequest(ingest, #"{\#(quiz),"timestamp":"2026-03-15"}"#, "timestamp", "2026-03-15"),
    BadRequest(ingest, #"{\#(quiz),"timestamp":true}"#, "timestamp", "true"),
    BadRequest(ingest, #"{\#(quiz),"event_id":"a b"}"#, "event_id", "a b"),
    BadRequest(ingest, #"{\#(quiz),"total_questions":2}"#, "total_questions", "2"),
    BadRequest(ingest, #"{\#(quiz),"metadata":{"school_id":"north"}}"#, "metadata.school_id", "north"),
    BadRequest(
      ingest,
      #"{"event_type":"quiz","student_id":"s-1","data":{"total_questions":2,"correct_answers":1,"pad":""#
        + String(repeating: "x", count: 65_536) + #""}}"#, "event", "bytes"),
    BadRequest(
      ingest, #"{"event_type":"mastery.calculation.requested","student_id":"s-1","data":{},"components":{"speed":1}}"#,
      "components.speed", "1"),
  ]

  private static let processes: [BadRequest] = [
    BadRequest("/process", "{}", "intent", nil), BadRequest("/process", #"{"intent":7,"payload":{}}"#, "intent", "7"),
    BadRequest("/process", #"{"intent":"guess","payload":{}}"#, "intent", "guess"),
    BadRequest("/process", #"{"intent":"mastery_query"}"#, "payload", nil),
    BadRequest("/process", #"{"intent":"mastery_query","payload":[]}"#, "payload", "an array"),
    BadRequest("/process", #"{"intent":"mastery_query","payload":{"student_id":-7}}"#, "student_id", "-7"),
    BadRequest("/process", #"{"intent":"analytics_query","payload":{"student_id":"s"}}"#, "type", nil),
    BadRequest("/process", #"{"intent":"analytics_query","payload":{"student_id":"s","type":"guess"}}"#, "type", "guess"),
    BadRequest("/process", #"{"intent":"analytics_query","payload":{"student_id":"s","type":"history","limit":1}}"#, "limit", "1"),
    BadRequest("/process", #"{"intent":"mastery_history","payload":{"student_id":"s","type":"history"}}"#, "type", "history"),
    BadRequest("/process", #"{"intent":"mastery_query","payload":{"student_id":"s"},"extra":1}"#, "extra", "1"),
    BadRequest(
      "/process", #"{"intent":"mastery_query","payload":{"student_id":"s"},"security_context":[]}"#, "security_context", "an array"),
    BadRequest(
      "/process", #"{"intent":"mastery_query","payload":{"student_id":"s"},"security_context":{"correlation_id":-7}}"#,
      "security_context.correlation_id", "-7"),
    BadRequest(
      "/process", #"{"intent":"mastery_query","payload":{"student_id":"s"},"security_context":{"token":7}}"#,
      "security_context.token", "7"),
  ]
}
