import DaprClient
import HTTPServer
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("A request that is refused")
struct RefusalTests {
  @Test("A refused request is answered with field, value and constraint, and touches nothing", arguments: BadRequest.all)
  func refused(_ bad: BadRequest) async throws {
    let stand = Stand()
    let response = await stand.ask("POST", bad.path, bad.body)
    try check(response, field: bad.field, value: bad.value)
    #expect(stand.sidecar.calls.isEmpty)
  }

  @Test("Bytes that are not UTF-8 are refused like text that is not JSON")
  func invalidUTF8() async throws {
    let body = Array(#"{"student_id":""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8)
    try check(await Stand().ask("POST", "/mastery/query", bytes: body), field: "body", value: nil)
  }

  private func check(_ response: HTTPResponse, field: String, value: String?) throws {
    #expect(response.status == 400)
    let root = try ReadJSON.object(response.body)
    #expect(root["success"] as? Bool == false && root["data"] == nil)
    let error = try #require(root["error"] as? [String: Any])
    #expect(error["code"] as? String == "VALIDATION_ERROR")
    let message = try #require(error["message"] as? String)
    let details = try #require(error["details"] as? [String: Any])
    #expect(details["field"] as? String == field)
    let shown = details["value"] as? String
    #expect(value.map { shown?.contains($0) == true } ?? (shown == nil), "\(shown ?? "nothing")")
    let constraint = try #require(details["constraint"] as? String)
    #expect(!constraint.isEmpty && message.contains(field) && message.contains(constraint))
    #expect(message.utf8.count < 1_000)
  }

  @Test("The log line of a request that is answered 503 has the answer's reason, and that of a wrong request has none")
  func reason() async throws {
    let stand = Stand()
    func last() throws -> [String: Any] {
      try ReadJSON.object(Array(try #require(stand.lines.all.last { $0.contains(#""message":"request""#) }).utf8))
    }
    for (path, body) in [
      ("/mastery/query", #"{"student_id":"s-1"}"#), ("/process", #"{"intent":"mastery_query","payload":{"student_id":"s-1"}}"#),
    ] {
      stand.sidecar.always(.failed(.timedOut)) { _ in true }
      #expect(await stand.ask("POST", path, body).status == 503)
      let line = try last()
      #expect(line["status_code"] as? Int == 503 && line["reason"] as? String == "the state store does not answer; try again")
      stand.sidecar.recover()
      #expect(await stand.ask("POST", path, body).status == 404)
      #expect(try last()["reason"] == nil)
    }
    let full = Stand { $0.concurrentRequests = 0 }
    #expect(await full.ask("POST", "/mastery/query", #"{"student_id":"s-1"}"#).status == 503)
    #expect(full.lines.all.last?.contains(#""reason":"the service is at its limit and does not answer; try again""#) == true)
  }

  @Test("An unknown intent is refused with the list of known ones")
  func unknownIntent() async throws {
    let response = await Stand().ask("POST", "/process", #"{"intent":"guess","payload":{}}"#)
    for name in [
      "mastery_query", "mastery_calculation", "ingest_event", "adaptive_recommendations", "generate_path", "get_prediction", "trajectory",
      "mastery_history", "analytics_query",
    ] {
      #expect(response.text.contains(name))
    }
  }

  @Test("A refused request through /process still has the intent and the caller's own correlation id")
  func processFailure() async throws {
    let body = #"{"intent":"mastery_query","payload":{"student_id":-7},"security_context":{"correlation_id":"theirs"}}"#
    let response = await Stand().ask("POST", "/process", body)
    let root = try ReadJSON.object(response.body)
    #expect((root["metadata"] as? [String: Any])?["intent"] as? String == "mastery_query")
    #expect(root["correlation_id"] as? String == "theirs")
    #expect(response.header("X-Correlation-ID") == "theirs")
  }

  @Test(
    "A wrong method is refused with the allowed one",
    arguments: [
      ("GET", "/mastery/query", "POST"), ("PUT", "/api/v1/process", "POST"), ("DELETE", "/events/learning.quiz", "POST"),
      ("POST", "/health", "GET"), ("POST", "/ready", "GET"), ("PATCH", "/", "GET"), ("POST", "/metrics", "GET"),
      ("OPTIONS", "/mastery/ingest", "POST"), ("post", "/mastery/query", "POST"),
    ])
  func method(_ method: String, _ path: String, _ allowed: String) async throws {
    let response = await Stand().ask(method, path)
    #expect(response.status == 405)
    #expect(response.header("Allow")?.contains(allowed) == true)
    #expect(response.header("X-Content-Type-Options") == "nosniff" && response.header("X-Correlation-ID") == "corr-1")
  }

  @Test(
    "An unknown path is refused with 404",
    arguments: [
      "/nothing", "/mastery", "/api/v2/mastery/query", "/api/v1", "/events/mastery.erased",
      "/api/v1/events/learning.quiz",
      "/events/", "//mastery/query", "/mastery/query%2f",
    ])
  func path(_ path: String) async throws {
    let response = await Stand().ask("POST", path, "{}")
    #expect(response.status == 404 && response.text.contains(#""code":"NOT_FOUND""#))
  }

  @Test(
    "A wrong content type is refused with the right one",
    arguments: ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""])
  func contentType(_ type: String) async throws {
    let stand = Stand()
    for path in ["/mastery/query", "/process"] {
      let response = await stand.ask("POST", path, #"{"student_id":"s"}"#, [HTTPField("Content-Type", type)])
      #expect(response.status == 415)
      #expect(response.text.contains(#""code":"VALIDATION_ERROR""#) && response.text.contains("application/json"))
    }
  }

  @Test(
    "A content type that is JSON is accepted",
    arguments: [
      "application/json", "Application/JSON; charset=UTF-8", "application/problem+json", "application/json;charset=utf-8",
    ])
  func jsonTypes(_ type: String) async throws {
    let response = await Stand().ask("POST", "/mastery/query", #"{"student_id":"s"}"#, [HTTPField("Content-Type", type)])
    #expect(response.status == 404)
  }

  @Test("A body or head that is too large is refused with the limit")
  func size() async throws {
    let body = [UInt8](repeating: 0x20, count: (1 << 20) + 1)
    let response = await Stand().ask("POST", "/mastery/query", bytes: body)
    #expect(response.status == 413 && response.text.contains("1048576"))
    let head = HTTPRequestHead(method: "POST", target: "/mastery/query")
    let headers = Stand().service.refuse(.unreadable(status: 431), head)
    #expect(headers.status == 431 && headers.text.contains("24 KiB") && headers.text.contains(#""code":"VALIDATION_ERROR""#))
    #expect(Stand().service.refuse(.badFraming("two lengths"), head).status == 400)
    for refusal in [HTTPRefusal.overloaded, .stopping] {
      let response = Stand().service.refuse(refusal, head)
      #expect(response.status == 503 && response.header("Retry-After") != nil)
    }
  }

  @Test("A header with an invalid school or idempotency key is refused")
  func headers() async throws {
    let stand = Stand()
    let school = await stand.ask("POST", "/mastery/query", #"{"student_id":"s"}"#, [HTTPField("X-School-ID", "a b")])
    #expect(school.status == 400 && school.text.contains("X-School-ID"))
    let body = #"{"event_type":"quiz","student_id":"s","data":{"total_questions":2,"correct_answers":1}}"#
    for key in ["", "a b", String(repeating: "k", count: 129)] {
      let response = await stand.ask("POST", "/mastery/ingest", body, [HTTPField("Idempotency-Key", key)])
      #expect(response.status == 400 && response.text.contains("Idempotency-Key"))
    }
    #expect(stand.sidecar.calls.isEmpty)
  }

  @Test("A request is answered with 503 and a time to retry if the store does not answer", arguments: Outage.allCases)
  func storeDown(_ outage: Outage) async throws {
    let stand = Stand()
    stand.sidecar.cannotRead(outage)
    for path in ["/mastery/query", "/recommendations/adaptive", "/recommendations/learning-path"] {
      let response = await stand.ask("POST", path, #"{"student_id":"s-1"}"#)
      #expect(response.status == 503 && response.text.contains(#""code":"SERVICE_UNAVAILABLE""#))
      #expect(response.header("Retry-After").flatMap { Int($0) } != nil)
      #expect(!response.text.contains("redis"))
    }
    stand.sidecar.always(.partly(without: ["student:s-1:profile:current_mastery"]), where: \.isLoad)
    #expect(await stand.ask("POST", "/mastery/query", #"{"student_id":"s-1"}"#).status == 503)
  }

  @Test("A request for an unreadable document shows nothing of it")
  func unreadable() async throws {
    let stand = Stand()
    stand.sidecar.put(Array(#"{"schema":1,"secret":"inside"}"#.utf8), at: "student:s-1:profile:current_mastery")
    let response = await stand.ask("POST", "/mastery/query", #"{"student_id":"s-1"}"#)
    #expect(response.status == 500 && response.text.contains(#""code":"INTERNAL_ERROR""#))
    for word in ["secret", "inside", "evidence", "schema"] { #expect(!response.text.contains(word)) }
    #expect(stand.lines.all.contains { $0.contains("corr-1") && $0.contains(#""level":"error""#) })
    stand.sidecar.put(Array(#"{"schema":3}"#.utf8), at: "student:s-1:profile:current_mastery")
    #expect(await stand.ask("POST", "/mastery/query", #"{"student_id":"s-1"}"#).status == 503)
  }
}
