import DaprClient
import Foundation
import HTTPServer
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("Records of accesses", .serialized)
struct AccessRecordTests {
  private static func token(_ subject: String, _ role: String, students: [String] = [], _ stand: Stand) throws -> HTTPField {
    Bearer.header(try Bearer.token(subject, role, students: students, at: stand.clock.now.milliseconds))
  }

  private static func records(_ stand: Stand) throws -> [String] {
    try stand.lines.all.filter { $0.contains("mastery.data.access") }.map { line in
      let record = try ReadJSON.object(line)
      return ["student_id", "action", "outcome", "status"].map { "\(record[$0] ?? "-")" }.joined(separator: " ")
    }
  }

  @Test("A refused batch or class comparison is on record as refused, with its status")
  func refused() async throws {
    let stand = Stand.production()
    _ = await stand.deliver([Wrapped.exercise("e-1")])
    let teacher = try Self.token("t-1", "teacher", students: ["s-1"], stand)
    let mixed = #"{"requests":[{"student_id":"s-1"},{"student_id":"s-2"}]}"#
    #expect(await stand.ask("POST", "/batch/mastery", mixed, [teacher]).status == 403)
    let comparison = #"{"student_id":"s-1","scope":"class"}"#
    #expect(await stand.ask("POST", "/analytics/compare", comparison, [try Self.token("s-1", "student", stand)]).status == 403)
    #expect(await stand.ask("POST", "/analytics/compare", comparison, [teacher]).status == 200)
    #expect(
      try Self.records(stand) == [
        "s-1 batch_process refused 403", "s-2 batch_process refused 403", "s-1 cohort_compare refused 403",
        "s-1 cohort_compare allowed 200",
      ])
  }

  @Test("A student listed a thousand times in a batch has one record, and looks at the result within a minute share one")
  func polled() async throws {
    let stand = Stand.production { $0.limitsRates = false }
    _ = await stand.deliver([Wrapped.exercise("e-1"), Wrapped.exercise("e-2", of: "s-2")])
    let (service, admin) = (try Self.token("timer", "service", stand), try Self.token("a", "admin", stand))
    let list = (0..<1_000).map { #"{"student_id":"s-\#($0 == 999 ? 2 : 1)"}"# }.joined(separator: ",")
    let asked = await stand.ask("POST", "/batch/mastery", #"{"requests":[\#(list)]}"#, [service])
    let id = try #require(try ReadJSON.data(asked.body)["batch_id"] as? String)
    for order in stand.sidecar.published(to: "mastery.batch.normal") {
      #expect(await stand.deliver(order, to: "mastery.batch.normal") == ["": "SUCCESS"])
    }
    func look(_ token: HTTPField, _ number: Int) async {
      for _ in 0..<number { #expect(await stand.ask("GET", "/batch/mastery/\(id)?limit=1000", "", [token]).status == 200) }
    }
    await look(service, 30)
    let first = ["s-1 batch_process allowed 202", "s-2 batch_process allowed 202"]
    let looks = ["s-1 batch_status allowed 200", "s-2 batch_status allowed 200"]
    #expect(try Self.records(stand) == first + looks)
    // Another caller's look is another access, and so is one in the next minute.
    await look(admin, 3)
    stand.clock.step(60_000)
    await look(service, 3)
    #expect(try Self.records(stand) == first + looks + looks + looks)
    #expect(await stand.service.audit.drain(within: 1_000) == 0)
    #expect(try await AuditTests.stored(of: Stand.key("s-1"), at: stand).count == 4)
  }

  @Test("A list that the limit refuses makes no records of its students, only the request's own log line")
  func overLimit() async throws {
    let stand = Stand.production()
    _ = await stand.deliver((0..<100).map { Wrapped.exercise("e-\($0)", of: "s-\($0)") })
    let students = (0..<100).map { "s-\($0)" }
    let teacher = try Self.token("t-1", "teacher", students: students, stand)
    let list = students.map { #"{"student_id":"\#($0)"}"# }.joined(separator: ",")
    var statuses: [Int] = []
    for _ in 0..<60 { statuses.append(await stand.ask("POST", "/batch/mastery", #"{"requests":[\#(list)]}"#, [teacher]).status) }
    #expect(statuses == Array(repeating: 200, count: 20) + Array(repeating: 429, count: 40))
    #expect(try Self.records(stand).count == 2_000)
  }

  @Test("Waiting records of one caller turn no others away: over its share it is refused, and goes on once they are written")
  func shares() async throws {
    let stand = Stand.production { $0.limitsRates = false }
    let students = (0..<1_000).map { "s-\($0)" }
    for start in stride(from: 0, to: 1_000, by: 100) {
      _ = await stand.deliver(students[start..<start + 100].map { Wrapped.exercise("e-\($0)", of: $0) })
    }
    let (flood, other) = (try Self.token("flood", "service", stand), try Self.token("s-1", "student", stand))
    let list = students.map { #"{"student_id":"\#($0)"}"# }.joined(separator: ",")
    stand.sidecar.always(.failed(.timedOut)) { call in
      if case .save(let items) = call { items.contains { $0.key.contains(":audit") } } else { false }
    }
    var statuses: [Int] = []
    for _ in 0..<40 {
      statuses.append(await stand.ask("POST", "/batch/mastery", #"{"requests":[\#(list)]}"#, [flood]).status)
      #expect(await stand.ask("POST", "/mastery/query", #"{"student_id":"s-1"}"#, [other]).status == 200)
    }
    // Half of the room for one caller alone, a quarter for each of two.
    let taken = statuses.count { $0 == 202 }
    #expect((5...10).contains(taken) && statuses.count { $0 == 429 } == 40 - taken)
    #expect(try Self.records(stand).count == taken * 1_000 + 40)
    let refused = await stand.ask("POST", "/batch/mastery", #"{"requests":[\#(list)]}"#, [flood])
    #expect(refused.header("Retry-After") == "2" && refused.text.contains("RATE_LIMITED"))
    stand.sidecar.recover()
    #expect(await stand.service.audit.drain(within: 60_000) == 0)
    #expect(await stand.ask("POST", "/batch/mastery", #"{"requests":[\#(list)]}"#, [flood]).status == 202)
  }

  @Test("Neither refused requests nor looks at the results of batches fill the queue of one caller, and so turn others away")
  func refusedFlood() async throws {
    let stand = Stand.production { $0.limitsRates = false }
    let students = (0..<1_000).map { "s-\($0)" }
    for start in stride(from: 0, to: 1_000, by: 100) {
      _ = await stand.deliver(students[start..<start + 100].map { Wrapped.exercise("e-\($0)", of: $0) })
    }
    let (flood, other) = (try Self.token("flood", "service", stand), try Self.token("s-1", "student", stand))
    let list = students.map { #"{"student_id":"\#($0)"}"# }.joined(separator: ",")
    var jobs: [String] = []
    for _ in 0..<5 {
      let asked = await stand.ask("POST", "/batch/mastery", #"{"requests":[\#(list)]}"#, [flood])
      jobs.append(try #require(try ReadJSON.data(asked.body)["batch_id"] as? String))
      #expect(await stand.service.audit.drain(within: 60_000) == 0)
    }
    for order in stand.sidecar.published(to: "mastery.batch.normal") {
      #expect(await stand.deliver(order, to: "mastery.batch.normal") == ["": "SUCCESS"])
    }
    stand.sidecar.always(.failed(.timedOut)) { call in
      if case .save(let items) = call { items.contains { $0.key.contains(":audit") } } else { false }
    }
    for id in jobs {
      #expect([200, 429].contains(await stand.ask("GET", "/batch/mastery/\(id)?limit=1000", "", [flood]).status))
      stand.clock.step(60_000)
    }
    var statuses: [Int: Int] = [:]
    for _ in 0..<20_000 { statuses[await stand.ask("GET", "/student/s-1/export", "", [flood]).status, default: 0] += 1 }
    // Half of the room for one caller alone; the rest is refused without a record in the trail.
    #expect(Set(statuses.keys) == [403, 429] && statuses[429, default: 0] >= 10_000, "\(statuses)")
    #expect(await stand.ask("POST", "/mastery/query", #"{"student_id":"s-1"}"#, [other]).status == 200)
  }

  @Test(
    "Room reserved for access records stays within half of the whole per caller and is all given back, in any order",
    arguments: 0..<20 as Range<UInt64>)
  func reservations(seed: UInt64) throws {
    let random = SeededGenerator(seed: seed)
    let callers = (0..<random.draw(1..<8)).map { Caller(role: .service, subject: "c-\($0)", school: nil) }
    var queue = AuditQueue()
    var held: [(source: AuditSource, number: Int)] = []
    var most: [AuditSource: Int] = [:]
    for step in 0..<3_000 {
      let source = AuditSource(callers[random.draw(0..<callers.count)])
      switch random.draw(0..<4) {
      case 0, 1:
        let number = random.draw(1..<1_001)
        if queue.reserve(number, for: source) { held.append((source, number)) }
      case 2 where !held.isEmpty:
        // A request ends: some of its reservation has become records.
        let own = held.remove(at: random.draw(0..<held.count))
        let key = try Stand.key("s-\(step % 7)")
        for number in 0..<random.draw(0..<own.number + 1) {
          let record = StoredRecord(id: "\(step)-\(number)", at: Stand.noonTime, json: [])
          queue.add(AuditQueue.Entry(record: record, source: own.source, isOfStored: false), of: key)
        }
        queue.release(own.number, of: own.source)
      default:
        for (student, waiting) in queue.next(3) { queue.settle(waiting.entries.count, of: student) }
      }
      most[source] = max(most[source] ?? 0, held.lazy.filter { $0.source == source }.map(\.number).reduce(0, +))
    }
    // Nobody has reserved more than half of the room, or one request's worth.
    #expect(most.values.allSatisfy { $0 <= AuditQueue.limit / 2 })
    for own in held { queue.release(own.number, of: own.source) }
    while !queue.isEmpty { for (student, waiting) in queue.next(10) { queue.settle(waiting.entries.count, of: student) } }
    // Everything reserved is given back.
    #expect(queue.count == 0)
    for caller in callers {
      let isFree = queue.reserve(AuditQueue.limit / 2 / callers.count, for: AuditSource(caller))
      #expect(isFree)
    }
  }
}
