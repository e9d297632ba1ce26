import DaprClient
import Foundation
import HTTPServer
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("A student's export")
struct ExportTests {
  private func export(_ stand: Stand, _ student: String = "s-1", school: String? = nil) async throws -> HTTPResponse {
    let token = Bearer.header(try Bearer.token(student, "student", school: school, at: stand.clock.now.milliseconds))
    return await stand.ask("GET", "/student/\(student)/export", "", [token])
  }

  /// The contents of the parts by name, each with its description.
  private func parts(_ response: HTTPResponse) throws -> [String: Any] {
    #expect(response.status == 200, "\(response.text)")
    let list = try #require(try ReadJSON.data(response.body)["parts"] as? [[String: Any]])
    #expect(list.allSatisfy { ($0["meaning"] as? String)?.count ?? 0 > 40 })
    return Dictionary(uniqueKeysWithValues: try list.map { (try #require($0["part"] as? String), try #require($0["content"])) })
  }

  @Test("The export holds every text, number and time that the store has of the student")
  func complete() async throws {
    let stand = Stand.production()
    _ = await stand.deliver([
      Wrapped.exercise("e-1", at: "2025-10-01T08:00:00Z", metadata: #"{"school_id":"north","source":"old lms"}"#),
      Wrapped.exercise("e-2", metadata: #"{"school_id":"north","cohort_id":"c-1","source":"lms"}"#),
      Wrapped.exercise("e-3", completed: 3, at: "2026-03-11T09:30:00Z", metadata: #"{"school_id":"north","cohort_id":"c-2"}"#),
      Wrapped.exercise("e-9", of: "s-2", metadata: #"{"school_id":"north"}"#),
    ])
    let student = Bearer.header(try Bearer.token("s-1", "student", school: "north"))
    _ = await stand.ask("PUT", "/student/s-1/consent", #"{"granted":true}"#, [student])
    _ = await stand.ask(
      "POST", "/mastery/query", #"{"student_id":"s-1"}"#, [Bearer.header(try Bearer.token("t-1", "teacher", school: "north"))])
    let results = stand.sidecar.published(to: Topic.standings)
    for result in results { #expect(await stand.deliver(result, to: Topic.standings) == ["": "SUCCESS"]) }
    let batch = #"{"requests":[{"student_id":"s-1"},{"student_id":"s-2"},{"student_id":"s-1","components":{"quiz":0.25}}],"async":true}"#
    let service = Bearer.header(try Bearer.token("timer", "service", school: "north"))
    #expect(await stand.ask("POST", "/batch/mastery", batch, [service]).status == 202)
    let order = try #require(stand.sidecar.published(to: "mastery.batch.normal").last)
    #expect(await stand.deliver(order, to: "mastery.batch.normal") == ["": "SUCCESS"])
    #expect(await stand.service.audit.drain(within: 1_000) == 0)

    let response = try await export(stand, school: "north")
    let parts = try parts(response)
    #expect(Set(parts.keys) == ["document", "audit", "dead_letters", "standings", "batches"])
    // Completion 0.3 × 0.4, and one of the last two active days.
    let standings = try #require(parts["standings"] as? [[String: Any]])
    #expect(Set(standings.map { $0["cohort_id"] as? String ?? "-" }) == ["-", "c-2"])
    #expect(standings.compactMap { $0["mastery_score"] as? Double } == [0.22, 0.22])
    let entries = try #require((parts["batches"] as? [[String: Any]])?.first?["entries"] as? [[String: Any]])
    #expect(entries.compactMap { $0["mastery_score"] as? Double } == [0.22, 0.075])
    for key in stand.sidecar.keys where key.hasPrefix("school:north:student:s-1:") {
      let stored = try ReadJSON.object(try #require(stand.sidecar.stored(key)).value)
      for leaf in Self.leaves(stored) {
        #expect(response.text.contains(leaf), "\(key): \(leaf)")
      }
    }
    #expect(!response.text.contains("s-2") && !response.text.contains("e-9"))
    let document = try #require(parts["document"] as? [String: Any])
    let days = try #require(document["days"] as? [[String: Any]])
    #expect(days.map { $0["date"] as? String } == ["2026-03-10", "2026-03-11"])
    let trail = try #require(parts["audit"] as? [[String: Any]])
    #expect(trail.map { $0["user_id"] as? String } == ["timer", "t-1", "s-1"])
  }

  /// The content of a stored value as texts that an answer must hold too: its strings, and its times as shown.
  private static func leaves(_ value: Any, _ name: String = "") -> [String] {
    switch value {
    case let object as [String: Any]: object.flatMap { leaves($0.value, $0.key) }
    case let list as [Any]: list.flatMap { leaves($0, name) }
    case let text as String: [Wrapped.quoted(text).replacing(#"\/"#, with: "/")]
    case let number as NSNumber where number.int64Value > 1_000_000_000_000:
      [Wrapped.quoted(Timestamp(milliseconds: number.int64Value).iso8601)]
    case let number as NSNumber where number.doubleValue > 0 && number.doubleValue < 1 && !isBoolean(number): ["\(number)"]
    default: []
    }
  }

  private static func isBoolean(_ number: NSNumber) -> Bool { String(cString: number.objCType) == "c" }

  @Test("The export shows nothing older than the retention, even if it is still in the store")
  func retention() async throws {
    let stand = Stand.production { $0.retentionDays = 30 }
    _ = await stand.deliver([
      Wrapped.exercise("e-old", completed: 4, at: "2026-02-20T08:00:00Z"), Wrapped.exercise("e-new", at: "2026-03-14T08:00:00Z"),
    ])
    stand.clock.step(20 * 86_400_000)
    let document = try #require(try parts(try await export(stand))["document"] as? [String: Any])
    #expect((document["days"] as? [[String: Any]])?.map { $0["date"] as? String } == ["2026-03-14"])
    let before = try #require(document["before"] as? [String: Any])
    #expect(before["date"] as? String == "2026-03-05")
    // The value in force then is known for as long as the document.
    #expect(try ReadJSON.canonical(before).contains("e-old"))
    #expect(
      String(decoding: try #require(stand.sidecar.stored("student:s-1:profile:current_mastery")).value, as: UTF8.self).contains("e-old"))
    let history = await stand.ask(
      "POST", "/analytics/mastery-history", #"{"student_id":"s-1","days":90}"#,
      [Bearer.header(try Bearer.token("s-1", "student", at: stand.clock.now.milliseconds))])
    #expect(!history.text.contains("2026-02-20"))
  }

  @Test("An unknown student has no export, and there is none while the store is away")
  func nothing() async throws {
    let stand = Stand.production()
    #expect(try await export(stand).status == 404)
    _ = await stand.deliver([Wrapped.exercise("e-1")])
    stand.sidecar.play { call in
      if case .load(let keys) = call, keys.contains(where: { $0.contains(":audit") }) { return .failed(.timedOut) }
      return .done
    }
    #expect(try await export(stand).status == 503)
  }

  @Test("The export of a student with only dead letters holds them, and the audit trail then tells who looked")
  func lettersOnly() async throws {
    let stand = Stand.production()
    let wrong = Wrapped.exercise("e-1", completed: 11)
    #expect(await stand.deliver([wrong, Wrapped.exercise("e-2", of: "s-2", completed: 12)]) == ["0": "SUCCESS", "1": "SUCCESS"])
    let token = Bearer.header(try Bearer.token("s-1", "student"))
    #expect(await stand.ask("GET", "/student/s-1/audit", "", [token]).status == 404)
    for letter in stand.sidecar.published(to: Topic.deadLetters) {
      #expect(await stand.deliver(letter, to: Topic.deadLetters) == ["": "SUCCESS"])
    }
    let before = await stand.ask("GET", "/student/s-1/audit", "", [token])
    let none = try #require(try ReadJSON.data(before.body)["records"] as? [Any])
    #expect(before.status == 200 && none.isEmpty)
    let response = try await export(stand)
    let parts = try parts(response)
    #expect(Set(parts.keys) == ["audit", "dead_letters", "standings", "batches"])
    #expect((parts["dead_letters"] as? [[String: Any]])?.compactMap { $0["event_id"] as? String } == ["e-1"])
    #expect(await stand.service.audit.drain(within: 1_000) == 0)
    let trail = await stand.ask("GET", "/student/s-1/audit", "", [token])
    let records = try #require(try ReadJSON.data(trail.body)["records"] as? [[String: Any]])
    #expect(records.compactMap { $0["action"] as? String } == ["student_export", "student_audit"])
    // A request about somebody without data leaves nothing.
    #expect(try await export(stand, "s-9").status == 404)
    #expect(await stand.service.audit.drain(within: 1_000) == 0 && stand.sidecar.stored("student:s-9:audit") == nil)
    #expect(await stand.ask("DELETE", "/student/s-1", "", [token]).status == 200)
    #expect(try await export(stand).status == 404)
    for key in stand.sidecar.keys {
      let text = String(decoding: stand.sidecar.stored(key)?.value ?? [], as: UTF8.self)
      #expect(!text.contains(#""s-1""#), "\(key)")
    }
  }

  @Test("The export shows a long audit trail in pages, so no answer grows with it")
  func pages() async throws {
    let stand = Stand.production { $0.limitsRates = false }
    _ = await stand.deliver([Wrapped.exercise("e-1")])
    for number in 0..<12_345 {
      stand.service.audit.record(try AuditTests.record("r-\(number)", of: "s-1"))
      if number % 5_000 == 0 { #expect(await stand.service.audit.drain(within: 1_000) == 0) }
    }
    #expect(await stand.service.audit.drain(within: 60_000) == 0)
    let token = Bearer.header(try Bearer.token("admin", "admin"))
    var (shown, offset, sizes): (Set<String>, Int?, [Int]) = ([], 0, [])
    while let next = offset {
      let response = await stand.ask("GET", "/student/s-1/export?offset=\(next)", "", [token])
      let list = try #require(try ReadJSON.data(response.body)["parts"] as? [[String: Any]])
      let audit = try #require(list.first { $0["part"] as? String == "audit" })
      let records = try #require(audit["content"] as? [[String: Any]])
      shown.formUnion(records.compactMap { $0["id"] as? String })
      sizes.append(records.count)
      offset = audit["next_offset"] as? Int
      #expect(response.body.count < 8 << 20)
    }
    #expect(sizes == [10_000, 2_345] && shown.count == 12_345)
    #expect(await stand.ask("GET", "/student/s-1/export?limit=10001", "", [token]).status == 400)
  }

  @Test("The export shows a batch's results for a student once, however often it names the student, and continues if there is too much")
  func batches() async throws {
    let stand = Stand.production { $0.limitsRates = false }
    _ = await stand.deliver([Wrapped.exercise("e-1")])
    let service = Bearer.header(try Bearer.token("timer", "service"))
    func ask(_ row: (Int) -> String) async {
      let list = (0..<1_000).map(row).joined(separator: ",")
      #expect(await stand.ask("POST", "/batch/mastery", #"{"requests":[\#(list)]}"#, [service]).status == 202)
      for order in stand.sidecar.published(to: "mastery.batch.normal").suffix(20) {
        #expect(await stand.deliver(order, to: "mastery.batch.normal") == ["": "SUCCESS"])
      }
    }
    await ask { _ in #"{"student_id":"s-1"}"# }
    for _ in 0..<40 { await ask { #"{"student_id":"s-1","components":{"quiz":0.\#(1_000 + $0)}}"# } }
    var (offset, shown, sizes): (Int?, Int, [Int]) = (0, 0, [])
    while let next = offset {
      let token = Bearer.header(try Bearer.token("s-1", "student"))
      let response = await stand.ask("GET", "/student/s-1/export?offset=\(next)", "", [token])
      let list = try #require(try ReadJSON.data(response.body)["parts"] as? [[String: Any]])
      let part = try #require(list.first { $0["part"] as? String == "batches" })
      let jobs = try #require(part["content"] as? [[String: Any]])
      sizes += jobs.compactMap { ($0["entries"] as? [Any])?.count }
      shown += jobs.count
      offset = part["next_offset"] as? Int
      #expect(response.body.count < 6 << 20)
    }
    #expect(shown == 41 && sizes.first == 1 && sizes.dropFirst().allSatisfy { $0 == 1_000 })
  }
}
