import DaprClient
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("Announcements of a saved revision")
struct AnnouncementTests {
  private static let key = "student:s-1:profile:current_mastery"
  private static let dns: [UInt8] = [
    0x6B, 0xA7, 0xB8, 0x10, 0x9D, 0xAD, 0x11, 0xD1, 0x80, 0xB4, 0x00, 0xC0, 0x4F, 0xD4, 0x30, 0xC8,
  ]
  private static let brokerDown = Fate.failed(.failed(status: 500, code: "ERR_PUBSUB", message: "broker down"))

  /// The id of an engine's message, calculated independently.
  private static func id(_ type: String, _ school: String, _ student: String, epoch: Int64, revision: Int) -> String {
    let engine = SHA1.uuid(namespace: dns, name: "mastery-engine")
    let digits = Array(engine.filter { $0 != "-" })
    let namespace = stride(from: 0, to: 32, by: 2).compactMap { UInt8(String(digits[$0..<$0 + 2]), radix: 16) }
    return SHA1.uuid(namespace: namespace, name: "\(type)|\(school)|\(student)|\(epoch)|\(revision)")
  }

  @Test("The tests' independent UUIDs are right (RFC 9562, A.4)")
  func vector() {
    #expect(SHA1.uuid(namespace: Self.dns, name: "www.example.com") == "2ed6657d-e927-568b-95e1-2665a8aea6a2")
  }

  @Test("An announcement's id is derived from type, school, student, epoch and revision")
  func ids() async throws {
    let stand = Stand()
    let event = Wrapped.exercise("e-1", metadata: #"{"school_id":"north","cohort_id":"2026a"}"#)
    #expect(await stand.deliver([event]) == ["0": "SUCCESS"])
    let epoch = Stand.noon / 1_000
    for (topic, type) in [
      ("mastery.results", "mastery.updated"), ("mastery.events", "mastery.threshold.reached"),
      ("learning.path.recommended", "learning.path.recommended"),
    ] {
      let said = stand.sidecar.published(to: topic)
      #expect(said.count == 1)
      let envelope = try ReadJSON.object(try #require(said.first))
      let data = try ReadJSON.data(try #require(said.first))
      let id = Self.id(type, "north", "s-1", epoch: epoch, revision: 1)
      #expect(envelope["id"] as? String == id && data["event_id"] as? String == id)
      #expect(envelope["type"] as? String == type && data["event_type"] as? String == type)
      #expect(envelope["source"] as? String == "mastery-engine" && envelope["specversion"] as? String == "1.0")
      #expect(data["student_id"] as? String == "s-1" && data["school_id"] as? String == "north" && data["cohort_id"] as? String == "2026a")
      #expect(data["timestamp"] as? String == "2026-03-15T12:00:00Z")
      #expect(stand.sidecar.published.first { $0.topic == topic }?.event.partitionKey == "s-1")
    }
  }

  @Test("The result of the first revision has the values worked out by hand")
  func values() async throws {
    let stand = Stand()
    _ = await stand.deliver([Wrapped.exercise("e-1")])
    // 0.4 × 0.8, and one active day is a streak of one in one: 0.1 × 1.
    let result = try ReadJSON.data(try #require(stand.sidecar.published(to: "mastery.results").first))
    #expect(result["mastery_score"] as? Double == 0.42)
    #expect(result["previous_score"] as? Double == nil)
    #expect(result["level"] as? String == "developing")
    #expect(try ReadJSON.canonical(result["components"] ?? "") == #"{"completion":0.8,"consistency":1,"quality":0,"quiz":0}"#)
    #expect(result["missing"] as? [String] == ["quiz", "quality"])
    #expect(result["epoch"] as? Int64 == 1_773_576_000 && result["revision"] as? Int == 1)
    #expect(result["revisions_since"] as? Int == 0)
    #expect(result["caused_by"] as? [String] == ["e-1"] && result["caused_by_count"] as? Int == 1)
    let areas = (result["recommendations"] as? [[String: Any]])?.compactMap { $0["area"] as? String }
    #expect(areas == ["concept_review", "practice_quizzes", "mock_tests"])
    // Gains of 0.3 × 1 and 0.2 × 1; the API returns the sentences.
    let first = try ReadJSON.canonical((result["recommendations"] as? [Any])?.first ?? "")
    #expect(first == #"{"area":"concept_review","component":"quiz","priority":"high"}"#)

    let threshold = try ReadJSON.data(try #require(stand.sidecar.published(to: "mastery.events").first))
    #expect(threshold["threshold_type"] as? String == "beginner_to_developing")
    #expect(threshold["direction"] as? String == "up" && threshold["level"] as? String == "developing")
    #expect(threshold["previous_level"] as? String == "beginner" && threshold["new_level"] as? String == "developing")
    #expect(threshold["previous_score"] as? Double == 0 && threshold["new_score"] as? Double == 0.42)
    let path = try ReadJSON.data(try #require(stand.sidecar.published(to: "learning.path.recommended").first))
    let all = ["concept_review", "practice_quizzes", "mock_tests", "code_reviews", "refactoring_practice", "best_practices"]
    #expect(path["path"] as? [String] == all)
  }

  @Test("A result names at most the last 50 causes, and how many there are")
  func causes() async throws {
    let stand = Stand()
    let events = (0..<60).map { Wrapped.exercise("e-\($0 + 100)", at: "2026-01-\(10 + $0 % 20)T0\($0 / 20):00:00Z") }
    _ = await stand.deliver(events)
    let result = try ReadJSON.data(try #require(stand.sidecar.published(to: "mastery.results").first))
    // Of each of 20 days the latest of three counts; the others are superseded within the delivery and are no causes.
    #expect(result["caused_by_count"] as? Int == 20)
    #expect(result["caused_by"] as? [String] == (140..<160).map { "e-\($0)" })
  }

  @Test(
    "An announcement is the same, byte for byte, whenever it is published again",
    arguments: ["mastery.results", "mastery.events", "learning.path.recommended"])
  func again(_ topic: String) async throws {
    let stand = Stand()
    stand.sidecar.always(Self.brokerDown) { $0.publishes(to: topic) }
    #expect(await stand.deliver([Wrapped.exercise("e-1")]) == ["0": "RETRY"])
    let first = stand.sidecar.calls.compactMap { call in if case .publish(topic, let events) = call { events.map(\.body) } else { nil } }
    #expect(stand.sidecar.published(to: topic).isEmpty && first.count == 1)
    stand.sidecar.recover()
    stand.clock.step(3_600_000)
    // Another process, which remembers nothing.
    let other = Stand(at: stand.clock.now.milliseconds, sidecar: stand.sidecar, seed: 3)
    #expect(await other.deliver([Wrapped.exercise("e-1")]) == ["0": "SUCCESS"])
    #expect(stand.sidecar.published(to: topic) == first[0])
    #expect(try stand.document(of: "s-1").ledger.revision == 1)
  }

  @Test("An announcement is published again after a lost answer, whether it arrived or not", arguments: Outage.allCases, [true, false])
  func lostAnswer(_ outage: Outage, arrived: Bool) async throws {
    let stand = Stand()
    stand.sidecar.once(arrived ? .answerLost(outage.failure) : .failed(outage.failure)) { $0.publishes(to: "mastery.events") }
    #expect(await stand.deliver([Wrapped.exercise("e-1")]) == ["0": "RETRY"])
    #expect(await stand.deliver([Wrapped.exercise("e-1")]) == ["0": "SUCCESS"])
    let said = stand.sidecar.published(to: "mastery.events")
    #expect(said.count == (arrived ? 2 : 1) && Set(said).count == 1)
  }

  @Test("Announcements are published later for only those students whose events the broker did not accept")
  func partly() async throws {
    let stand = Stand()
    stand.sidecar.once(.partly(without: ["s-1"])) { $0.publishes(to: "mastery.results") }
    let events = [Wrapped.exercise("e-1"), Wrapped.exercise("e-2", of: "s-2")]
    #expect(await stand.deliver(events) == ["0": "SUCCESS", "1": "SUCCESS"])
    stand.clock.step(1_000)
    #expect(await stand.deliver(try #require(stand.waiting.first), to: Topic.retry) == ["": "SUCCESS"])
    let said = try stand.sidecar.published(to: "mastery.results").map { try ReadJSON.data($0)["student_id"] as? String }
    #expect(said == ["s-2", "s-1"])
  }

  @Test("An announcement leaves the outbox with a later save, once it is known to be published")
  func outbox() async throws {
    let stand = Stand()
    _ = await stand.deliver([Wrapped.exercise("e-1")])
    #expect(try stand.document(of: "s-1").ledger.outbox.count == 2)
    _ = await stand.deliver([Wrapped.exercise("e-2", at: "2026-03-11T08:00:00Z")])
    #expect(try stand.document(of: "s-1").ledger.outbox.isEmpty)
    #expect(stand.sidecar.published(to: "mastery.events").count == 1)
    #expect(stand.sidecar.published(to: "mastery.results").count == 2)
  }

  @Test("An announcement stays in the outbox through other saves until it is known to be published")
  func outlivesSaves() async throws {
    let stand = Stand()
    stand.sidecar.always(Self.brokerDown) { $0.publishes(to: "mastery.events") }
    #expect(await stand.deliver([Wrapped.exercise("e-1")]) == ["0": "RETRY"])
    let waiting = try stand.document(of: "s-1").ledger.outbox.map { Array($0.body.utf8) }
    stand.sidecar.recover()
    let other = Stand(sidecar: stand.sidecar, seed: 3)
    #expect(await other.deliver([Wrapped.exercise("e-2", at: "2026-03-11T08:00:00Z")]) == ["0": "SUCCESS"])
    #expect(try stand.document(of: "s-1").ledger.revision == 2)
    #expect(stand.sidecar.published(to: "mastery.events") == Array(waiting.prefix(1)))
  }

  @Test("An event that changes nothing publishes the stored state again and saves nothing")
  func duplicate() async throws {
    let stand = Stand()
    for _ in 0..<3 { #expect(await stand.deliver([Wrapped.exercise("e-1")]) == ["0": "SUCCESS"]) }
    let request = #"{"event_id":"r","event_type":"mastery.calculation.requested","timestamp":"2026-03-15T12:00:00Z","student_id":"s-1"}"#
    #expect(await stand.deliver([request]) == ["0": "SUCCESS"])
    let said = stand.sidecar.published(to: "mastery.results")
    #expect(said.count == 4 && Set(said).count == 1)
    #expect(stand.sidecar.calls.filter(\.isSave).count == 1)
  }

  @Test("Nothing is published while nothing is saved", arguments: Outage.allCases)
  func nothingUnsaved(_ outage: Outage) async throws {
    let stand = Stand()
    stand.sidecar.always(.failed(outage.failure), where: \.isSave)
    #expect(await stand.deliver([Wrapped.exercise("e-1")]) == ["0": "RETRY"])
    #expect(!stand.sidecar.calls.contains { $0.isPublish })
  }
}
