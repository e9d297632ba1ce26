import DaprClient
import HTTPServer
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

/// Whole exchanges, calculated by hand from the Contract article, "Scores" and "HTTP API".
///
/// The student has 8 of 10 exercises on 10 March and 9 of 10 questions on 11 March, and it is noon on 15 March 2026: completion 0.8, quiz
/// 0.9, and two active days in a row, which is consistency 1. Mastery is 0.32 + 0.27 + 0.1 = 0.69.
@Suite("A whole exchange for each intent")
struct IntentTests {
  private static let version = ServiceVersion.current
  private static let meta =
    #""meta":{"timestamp":"2026-03-15T12:00:00Z","version":"\#(version)","correlation_id":"corr-1"}}"#

  /// Quality is missing: 0.2 × (1 − 0) is a gain of 0.2, mastery would rise by 0.2 × 0.7, and 40 × 1.5 minutes are an hour.
  private static func recommendation(_ area: String, _ words: String) -> String {
    #"{"component":"quality","action":"refactor","area":"\#(area)","priority":"high","score":0,"expected_gain":0.14,"estimated_time":60,"#
      + #""reason":"The quality of the work has no evidence yet and counts as 0 %; the next step is \#(words)."}"#
  }

  private static let recommendations =
    "[\(recommendation("code_reviews", "code reviews")),\(recommendation("refactoring_practice", "refactoring practice")),"
    + "\(recommendation("best_practices", "best practices"))]"

  private static let breakdown =
    #"[{"component":"completion","score":0.8,"weight":0.4,"contribution":0.32,"#
    + #""explanation":"8 of 10 exercises completed, 5 days ago: 0.8.","evidence":{"event_id":"e-1","timestamp":"2026-03-10T08:00:00Z","source":"lms"}},"#
    + #"{"component":"quiz","score":0.9,"weight":0.3,"contribution":0.27,"#
    + #""explanation":"9 of 10 questions right, 4 days ago: 0.9.","evidence":{"event_id":"q-1","timestamp":"2026-03-11T08:00:00Z","source":null}},"#
    + #"{"component":"quality","score":0,"weight":0.2,"contribution":0,"explanation":"\#(nothing)","evidence":null},"#
    + #"{"component":"consistency","score":1,"weight":0.1,"contribution":0.1,"#
    + #""explanation":"Derived from the active days: a streak of 2 days, the longest 2, the last active day 4 days ago: 1.","evidence":null}]"#
  private static let nothing = "There is no evidence yet; it counts as 0."

  private static func result(_ breakdown: String, tail: String = "") -> String {
    #""mastery_score":0.69,"level":"competent","components":{"completion":0.8,"quiz":0.9,"quality":0,"consistency":1},"#
      + #""breakdown":\#(breakdown),"missing":["quality"],"recommendations":\#(recommendations),"timestamp":"2026-03-15T12:00:00Z"\#(tail)"#
  }

  /// The history is 0.42 on 10 March and 0.69 on the five days from 11 March on: (0.42 + 5 × 0.69) / 6 = 0.645.
  private static let query =
    #"{"student_id":"s-1","current_mastery":{"# + result(breakdown, tail: #","version":1"#)
    + #"},"courses":[],"historical_average":0.645,"trend":"stable","last_updated":"2026-03-15T12:00:00Z","#
    + #""learning_path":["code_reviews","refactoring_practice","best_practices"]}"#

  private static let calculated =
    "{" + result(breakdownOfValues) + "}"
  private static let breakdownOfValues =
    #"[{"component":"completion","score":0.8,"weight":0.4,"contribution":0.32,"#
    + #""explanation":"8 of 10 exercises completed: 0.8.","evidence":null},"#
    + #"{"component":"quiz","score":0.9,"weight":0.3,"contribution":0.27,"explanation":"Given as a score: 0.9.","evidence":null},"#
    + #"{"component":"quality","score":0,"weight":0.2,"contribution":0,"explanation":"\#(nothing)","evidence":null},"#
    + #"{"component":"consistency","score":1,"weight":0.1,"contribution":0.1,"explanation":"Given as a score: 1.","evidence":null}]"#

  private static let adaptive =
    #"{"student_id":"s-1","mastery_score":0.69,"level":"competent","recommendations":\#(recommendations)}"#

  private static let path =
    #"{"student_id":"s-1","goal":"improve_mastery","path":["code_reviews","refactoring_practice","best_practices"],"#
    + #""daily_schedule":[{"date":"2026-03-15","minutes":60,"items":[{"area":"code_reviews","minutes":60}]},"#
    + #"{"date":"2026-03-16","minutes":60,"items":[{"area":"refactoring_practice","minutes":60}]},"#
    + #"{"date":"2026-03-17","minutes":60,"items":[{"area":"best_practices","minutes":60}]}],"estimated_completion":"2026-03-17"}"#

  /// Two days of evidence are too few for a forecast; the first of them is five days old, and there was none in the last four.
  private static let prediction =
    #"{"student_id":"s-1","current_score":0.69,"predicted_score":null,"predicted_level":null,"interval":null,"risk":null,"#
    + #""intervention_needed":null,"trend":"stable","confidence":0,"reason_code":"insufficient_history","#
    + #""reason":"Nothing is predicted before 3 days with evidence; 2 days are known.","timeframe_days":7,"#
    + #""calculated_at":"2026-03-15T12:00:00Z","cached":false}"#

  private static let trajectory =
    #"{"student_id":"s-1","trend":"stable","pattern":{"kind":"new","active_days_per_week":2.333,"longest_gap_days":4,"#
    + #""reason":"The first evidence is less than two weeks old; 2.3 active days a week so far."},"#
    + #""points":[{"date":"2026-03-10","score":0.42,"level":"developing"},"#
    + (11...15).map { #"{"date":"2026-03-\#($0)","score":0.69,"level":"competent"}"# }.joined(separator: ",") + #"],"forecast":[]}"#

  /// The 15th is a Sunday, so all of it is one week: (0.42 + 5 × 0.69) / 6 = 0.645, and the quiz is known on five days.
  private static let history =
    #"{"student_id":"s-1","aggregation":"weekly","format":"json","history":[{"date":"2026-03-10","score":0.645,"level":"competent","#
    + #""components":{"completion":0.8,"quiz":0.9,"quality":0,"consistency":1},"missing":["quality"],"evidence":true}],"#
    + #""summary":{"average":0.645,"highest":0.69,"lowest":0.42,"improvement":0.27,"trend":"stable","days":6}}"#

  private static let exchanges: [(name: String, path: String, request: String, status: Int, data: String)] = [
    ("mastery_query", "/mastery/query", #"{"student_id":"s-1"}"#, 200, query),
    (
      "mastery_calculation", "/mastery/calculate",
      #"{"components":{"completion":{"total_exercises":10,"completed_exercises":8},"quiz":0.9,"consistency":1}}"#, 200, calculated
    ),
    ("adaptive_recommendations", "/recommendations/adaptive", #"{"student_id":"s-1"}"#, 200, adaptive),
    ("generate_path", "/recommendations/learning-path", #"{"student_id":"s-1"}"#, 200, path),
    ("get_prediction", "/predictions/next-week", #"{"student_id":"s-1","fresh":true}"#, 200, prediction),
    ("trajectory", "/predictions/trajectory", #"{"student_id":"s-1"}"#, 200, trajectory),
    ("mastery_history", "/analytics/mastery-history", #"{"student_id":"s-1","aggregation":"weekly"}"#, 200, history),
    (
      "ingest_event", "/mastery/ingest",
      #"{"event_id":"i-1","event_type":"quiz","student_id":"s-1","data":{"total_questions":2,"correct_answers":1}}"#, 202,
      #"{"event_id":"i-1","status":"queued"}"#
    ),
  ]

  private func stand() async -> Stand {
    let stand = Stand()
    let quiz =
      #"{"event_id":"q-1","event_type":"quiz","timestamp":"2026-03-11T08:00:00Z","student_id":"s-1","#
      + #""data":{"total_questions":10,"correct_answers":9}}"#
    _ = await stand.deliver([Wrapped.exercise("e-1", metadata: #"{"source":"lms"}"#), quiz])
    return stand
  }

  @Test("Each intent has its answer over its path, with and without /api/v1", arguments: exchanges.map(\.name), ["", "/api/v1"])
  func overPath(_ name: String, _ prefix: String) async throws {
    let exchange = try #require(Self.exchanges.first { $0.name == name })
    let response = await stand().ask("POST", prefix + exchange.path, exchange.request)
    #expect(response.status == exchange.status)
    #expect(response.text == #"{"success":true,"data":\#(exchange.data),"# + Self.meta)
    #expect(
      response.fields.map { "\($0.name): \($0.value)" } == [
        "Content-Type: application/json; charset=utf-8", "X-Content-Type-Options: nosniff", "Cache-Control: no-store",
        "Content-Security-Policy: default-src 'none'", "Referrer-Policy: no-referrer", "X-Correlation-ID: corr-1",
      ])
  }

  @Test("Each intent has its answer through /process", arguments: exchanges.map(\.name))
  func throughProcess(_ name: String) async throws {
    let exchange = try #require(Self.exchanges.first { $0.name == name })
    let body = #"{"intent":"\#(name)","payload":\#(exchange.request),"security_context":{"correlation_id":"theirs"}}"#
    let response = await stand().ask("POST", "/process", body)
    #expect(response.status == exchange.status)
    let metadata = #""metadata":{"intent":"\#(name)","duration_ms":0,"version":"\#(Self.version)"},"correlation_id":"theirs"}"#
    #expect(response.text == #"{"success":true,"data":\#(exchange.data),"# + metadata)
    #expect(response.header("X-Correlation-ID") == "theirs")
  }

  @Test("mastery_calculation without components answers with the stored mastery")
  func calculationOfStored() async throws {
    let response = await stand().ask("POST", "/process", #"{"intent":"mastery_calculation","payload":{"student_id":"s-1"}}"#)
    #expect(response.status == 200 && response.text.contains(Self.query))
  }

  @Test("A query can go back to the end of an earlier day and leave out the components")
  func earlierDay() async throws {
    let response = await stand().ask(
      "POST", "/mastery/query", #"{"student_id":"s-1","date":"2026-03-10","include_components":false}"#)
    let data = try ReadJSON.data(response.body)
    let mastery = try #require(data["current_mastery"] as? [String: Any])
    // Only the exercises were known: 0.4 × 0.8 + 0.1.
    #expect(mastery["mastery_score"] as? Double == 0.42 && mastery["level"] as? String == "developing")
    #expect(mastery["components"] == nil && mastery["breakdown"] == nil)
    #expect(mastery["missing"] as? [String] == ["quiz", "quality"])
    #expect(data["historical_average"] as? Double == 0.42)
  }

  @Test("A query for a day before the first evidence finds nothing, since unknown is not a mastery of 0")
  func unknownDay() async throws {
    let stand = await stand()
    let response = await stand.ask("POST", "/mastery/query", #"{"student_id":"s-1","date":"2026-03-09"}"#)
    #expect(response.status == 404)
    #expect(response.text.contains(#""code":"NOT_FOUND","message":"nothing is known of s-1 up to 2026-03-09""#))
    #expect(await stand.ask("POST", "/mastery/query", #"{"student_id":"s-1","date":"2026-03-10"}"#).status == 200)
  }

  @Test("Components that are null count as missing, in /process as elsewhere")
  func nullComponents() async throws {
    let body = #"{"intent":"mastery_calculation","payload":{"student_id":"s-1","components":null}}"#
    let response = await stand().ask("POST", "/process", body)
    #expect(response.status == 200 && response.text.contains(Self.query))
  }

  @Test("The security context is read for its token and correlation id only")
  func securityContext() async throws {
    let context = #"{"user_id":"u-1","roles":["admin"],"token":null,"correlation_id":null,"tenant":{"id":7}}"#
    let body = #"{"intent":"mastery_query","payload":{"student_id":"s-1"},"security_context":\#(context)}"#
    #expect(await stand().ask("POST", "/process", body).status == 200)
  }

  @Test(
    "Clients of the fleet may use their own names",
    arguments: [
      ("/predictions/next-week", #"{"student_id":"s-1","days":14}"#, #""timeframe_days":14"#),
      ("/process", #"{"intent":"analytics_query","payload":{"student_id":"s-1","query_type":"history"}}"#, #""aggregation":"daily""#),
      ("/analytics/history", #"{"student_id":"s-1","days":7}"#, #""aggregation":"daily""#),
      ("/batch/mastery", #"{"student_ids":["s-1","s-2"],"priority":"low"}"#, #""total":2,"success":1,"failed":1"#),
      (
        "/mastery/query", #"{"student_id":"s-1","include_history":false,"days_history":3}"#,
        #""code_reviews","refactoring_practice","best_practices"]}"#
      ),
    ])
  func fleetNames(_ path: String, _ body: String, _ words: String) async throws {
    let response = await stand().ask("POST", path, body)
    #expect(response.status == 200 && response.text.contains(words), "\(response.text)")
  }

  @Test("A query can include the history of the days before, seven by default")
  func history() async throws {
    let stand = await stand()
    func dates(_ more: String) async throws -> [String] {
      let response = await stand.ask("POST", "/mastery/query", #"{"student_id":"s-1","include_history":true\#(more)}"#)
      let history = try #require(try ReadJSON.data(response.body)["history"] as? [[String: Any]])
      return history.compactMap { $0["date"] as? String }
    }
    #expect(try await dates("") == (10...15).map { "2026-03-\($0)" })
    #expect(try await dates(#","days_history":2"#) == ["2026-03-14", "2026-03-15"])
    #expect(try await dates(#","date":"2026-03-11""#) == ["2026-03-10", "2026-03-11"])
  }

  @Test("A student's id may be a whole number, which is read as its digits")
  func numericID() async throws {
    let stand = Stand()
    let event = Wrapped.exercise("e-1", of: "42").replacing(#""student_id":"42""#, with: #""student_id":42"#)
    #expect(event.contains(#""student_id":42,"#))
    #expect(await stand.deliver([event]) == ["0": "SUCCESS"])
    #expect(stand.sidecar.keys == ["student:42:profile:current_mastery"])
    for id in ["42", "\"42\"", "42.0"] { #expect(await stand.ask("POST", "/mastery/query", #"{"student_id":\#(id)}"#).status == 200) }
  }

  @Test("A compressed body is refused with 415, which names its header")
  func packed() async throws {
    let response = await Stand().ask("POST", "/mastery/query", bytes: [0x1F, 0x8B, 8], [HTTPField("Content-Encoding", "gzip")])
    #expect(response.status == 415 && response.text.contains("Content-Encoding"))
    #expect(
      await stand().ask("POST", "/mastery/query", #"{"student_id":"s-1"}"#, [HTTPField("Content-Encoding", "identity")]).status == 200)
  }

  @Test("Recommendations respect limit and priority, and a path its goal")
  func options() async throws {
    let stand = await stand()
    let one = try ReadJSON.data(
      await stand.ask("POST", "/recommendations/adaptive", #"{"student_id":"s-1","limit":1,"priority":"high"}"#).body)
    #expect((one["recommendations"] as? [[String: Any]])?.compactMap { $0["area"] as? String } == ["code_reviews"])
    let none = try ReadJSON.data(await stand.ask("POST", "/recommendations/adaptive", #"{"student_id":"s-1","priority":"low"}"#).body)
    #expect((none["recommendations"] as? [Any])?.isEmpty == true)
    let response = await stand.ask("POST", "/recommendations/learning-path", #"{"student_id":"s-1","goal":"master_topic"}"#)
    let path = try ReadJSON.data(response.body)
    #expect(path["goal"] as? String == "master_topic")
  }

  @Test("A calculation accepts custom weights")
  func weights() async throws {
    let body = #"{"student_id":"x","components":{"quiz":0.5},"weights":{"completion":0,"quiz":1,"quality":0,"consistency":0}}"#
    let data = try ReadJSON.data(await Stand().ask("POST", "/mastery/calculate", body).body)
    #expect(data["mastery_score"] as? Double == 0.5 && data["student_id"] as? String == "x")
  }

  @Test("persist queues the given components as an event, and the event is folded")
  func persist() async throws {
    let stand = Stand()
    let body = #"{"student_id":"s-1","persist":true,"components":{"completion":{"total_exercises":10,"completed_exercises":8},"quiz":0.9}}"#
    let response = await stand.ask("POST", "/mastery/calculate", body, [HTTPField("X-School-ID", "north")])
    #expect(response.status == 200)
    #expect(try ReadJSON.data(response.body)["persisted"] as? String == "queued")
    let queued = try #require(stand.sidecar.published.first)
    #expect(queued.topic == "mastery.requests" && queued.event.partitionKey == "s-1")
    #expect(await stand.deliver([String(decoding: queued.event.body, as: UTF8.self)], to: queued.topic) == ["0": "SUCCESS"])
    let latest = try stand.document(of: "s-1", school: "north").latest
    #expect(latest.completion?.score.value == 0.8 && latest.quiz?.score.value == 0.9)
  }

  @Test("A student of another school does not exist")
  func schools() async throws {
    let stand = await stand()
    _ = await stand.deliver([Wrapped.exercise("e-9", of: "s-9", metadata: #"{"school_id":"north"}"#)])
    for (student, school, status) in [
      ("s-1", nil, 200), ("s-1", "north", 404), ("s-9", "north", 200), ("s-9", nil, 404), ("s-9", "south", 404), ("s-7", nil, 404),
    ] {
      let fields = school.map { [HTTPField("X-School-ID", $0)] } ?? []
      for path in Self.exchanges.map(\.path) where path != "/mastery/calculate" && path != "/mastery/ingest" {
        let response = await stand.ask("POST", path, #"{"student_id":"\#(student)"}"#, fields)
        #expect(response.status == status, "\(student) of \(school ?? "no school") at \(path)")
        if status == 404 { #expect(response.text.contains(#""code":"NOT_FOUND""#)) }
      }
    }
  }
}
