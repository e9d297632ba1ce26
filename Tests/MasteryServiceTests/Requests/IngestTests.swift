import DaprClient
import HTTPServer
import MasteryCore
import Simulation
import Synchronization
import Testing

@testable import MasteryService

@Suite("An event that is ingested over HTTP")
struct IngestTests {
  private static let body = #"{"event_type":"quiz","student_id":"s-1","data":{"total_questions":2,"correct_answers":1}}"#
  private static let other = #"{"event_type":"quiz","student_id":"s-1","data":{"total_questions":2,"correct_answers":2}}"#

  private func ingest(_ stand: Stand, _ body: String = Self.body, key: String? = nil, school: String? = nil) async -> HTTPResponse {
    var fields: [HTTPField] = []
    if let key { fields.append(HTTPField("Idempotency-Key", key)) }
    if let school { fields.append(HTTPField("X-School-ID", school)) }
    return await stand.ask("POST", "/mastery/ingest", body, fields)
  }

  private func id(_ response: HTTPResponse) throws -> String {
    #expect(response.status == 202)
    return try #require(try ReadJSON.data(response.body)["event_id"] as? String)
  }

  @Test("An ingested event is published whole, with an id, the time and the caller's school, and is then folded")
  func published() async throws {
    let stand = Stand()
    let id = try id(await ingest(stand, school: "north"))
    let sent = try #require(stand.sidecar.published.first)
    #expect(sent.topic == "learning.quiz" && sent.event.partitionKey == "s-1" && sent.event.contentType == "application/json")
    let event =
      #"{"data":{"correct_answers":1,"total_questions":2},"event_id":"\#(id)","event_type":"quiz","#
      + #""metadata":{"school_id":"north"},"student_id":"s-1","timestamp":"2026-03-15T12:00:00Z"}"#
    #expect(try ReadJSON.canonical(try ReadJSON.object(sent.event.body)) == event)
    #expect(await stand.deliver([String(decoding: sent.event.body, as: UTF8.self)], to: sent.topic) == ["0": "SUCCESS"])
    #expect(try stand.document(of: "s-1", school: "north").latest.quiz?.event.text == id)
  }

  @Test("An ingested event keeps its own id, time and labels")
  func given() async throws {
    let stand = Stand()
    let body =
      #"{"event_id":"mine","event_type":"mastery.calculation.requested","timestamp":1773129600000,"student_id":"s-1","component":"quiz","#
      + #""data":{"total_questions":4,"correct_answers":1},"metadata":{"source":"lms","cohort_id":"2026a","version":"2"}}"#
    #expect(try id(await ingest(stand, body)) == "mine")
    let sent = try #require(stand.sidecar.published.first)
    #expect(sent.topic == "mastery.requests")
    _ = await stand.deliver([String(decoding: sent.event.body, as: UTF8.self)], to: sent.topic)
    let quiz = try #require(try stand.document(of: "s-1").latest.quiz)
    #expect(quiz.event.text == "mine" && quiz.timestamp.milliseconds == 1_773_129_600_000)
    #expect(quiz.score.value == 0.25 && quiz.source?.text == "lms")
    #expect(try stand.document(of: "s-1").evidence.cohort?.cohort.text == "2026a")
  }

  @Test("An ingested event may have a number as its id, like any other event", arguments: ["0", "4711", "9007199254740991"])
  func numericID(_ number: String) async throws {
    let stand = Stand()
    let body =
      #"{"event_id":\#(number),"event_type":"quiz","student_id":"s-1","data":{"total_questions":2,"correct_answers":1}}"#
    #expect(try id(await ingest(stand, body)) == number)
    let sent = try #require(stand.sidecar.published.first)
    #expect(try ReadJSON.object(sent.event.body)["event_id"] as? String == number)
  }

  @Test("An event ingested under the same key is one event, published again each time, for 24 hours")
  func sameKey() async throws {
    let stand = Stand()
    let first = try id(await ingest(stand, key: "k-1"))
    stand.clock.step(60_000)
    #expect(try id(await ingest(stand, key: "k-1")) == first)
    let sent = stand.sidecar.published.map(\.event.body)
    #expect(sent.count == 2 && sent[0] == sent[1])
    #expect(stand.sidecar.keys.count == 1)
    let key = try #require(stand.sidecar.keys.first)
    #expect(key.hasPrefix("ingest:") && !key.contains("k-1"))
    #expect(stand.sidecar.stored(key)?.secondsToLive == 86_400)
  }

  @Test("An idempotency key used for another body is a conflict")
  func otherBody() async throws {
    let stand = Stand()
    _ = try id(await ingest(stand, key: "k-1"))
    let response = await ingest(stand, Self.other, key: "k-1")
    #expect(response.status == 409 && response.text.contains(#""code":"CONFLICT""#))
    #expect(stand.sidecar.published.count == 1)
    #expect(try id(await ingest(stand, Self.other, key: "k-2")) != "")
  }

  @Test("An event is a new one under the same key of another school, and without a key each time")
  func independent() async throws {
    let stand = Stand()
    let ids = [
      try id(await ingest(stand, key: "k-1")), try id(await ingest(stand, key: "k-1", school: "north")),
      try id(await ingest(stand, Self.other, key: "k-1", school: "south")), try id(await ingest(stand)), try id(await ingest(stand)),
    ]
    #expect(Set(ids).count == 5)
    #expect(stand.sidecar.keys.filter { $0.hasPrefix("school:north:ingest:") }.count == 1)
  }

  @Test("Two requests that race under one key yield one event", arguments: 0..<50)
  func race(_ seed: Int) throws {
    let random = SeededGenerator(seed: UInt64(seed))
    let sidecar = SimulatedSidecar(store: SimulatedStore(seed.isMultiple(of: 2) ? .memory : .redis))
    let stands = [Stand(sidecar: sidecar, seed: 1), Stand(sidecar: sidecar, seed: 2)]
    sidecar.play { _ in
      for _ in 0..<random.draw(0..<4) { await Task.yield() }
      return .done
    }
    let isFinished = SeededExecutor(random).finishes {
      await withTaskGroup { group in
        for stand in stands {
          group.addTask {
            let head = HTTPRequestHead(method: "POST", target: "/mastery/ingest", fields: [HTTPField("Idempotency-Key", "k")])
            let response = await stand.service.answer(HTTPRequest(head: head, body: Array(Self.body.utf8)))
            #expect(response.status == 202)
          }
        }
      }
    }
    #expect(isFinished)
    let ids = try sidecar.published.map { try ReadJSON.object($0.event.body)["event_id"] as? String }
    #expect(ids.count == 2 && ids[0] == ids[1])
  }

  @Test("An ingested event finds its receipt after a lost answer to the receipt's save")
  func lostReceipt() async throws {
    let stand = Stand()
    stand.sidecar.once(.answerLost(.timedOut), where: \.isSave)
    #expect(await ingest(stand, key: "k-1").status == 503)
    let id = try id(await ingest(stand, key: "k-1"))
    #expect(try stand.sidecar.published.map { try ReadJSON.object($0.event.body)["event_id"] as? String } == [id])
  }

  @Test("An ingested event is not confirmed while the broker or the store is down", arguments: Outage.allCases)
  func down(_ outage: Outage) async throws {
    let stand = Stand()
    stand.sidecar.always(.failed(outage.failure), where: \.isPublish)
    let response = await ingest(stand)
    #expect(response.status == 503 && response.header("Retry-After") != nil)
    stand.sidecar.cannotRead(outage)
    #expect(await ingest(stand, key: "k-1").status == 503)
    stand.sidecar.always(.failed(outage.failure), where: \.isSave)
    #expect(await ingest(stand, key: "k-1").status == 503)
    #expect(stand.sidecar.published.isEmpty)
  }
}
