import DaprClient
import Foundation
import HTTPServer
import MasteryCore
import Simulation
import Synchronization
import Testing

@testable import MasteryService

@Suite("A student who is erased")
struct ErasureTests {
  private static let key = "school:north:student:s-1:profile:current_mastery"

  private func event(_ id: String, at time: String = "2026-03-10T08:00:00Z", student: String = "s-1", cohort: String = "c-1") -> String {
    Wrapped.exercise(id, of: student, at: time, metadata: #"{"school_id":"north","cohort_id":"\#(cohort)","source":"lms"}"#)
  }

  private func token(_ stand: Stand, _ subject: String = "s-1", _ role: String = "student") throws -> HTTPField {
    Bearer.header(try Bearer.token(subject, role, school: "north", at: stand.clock.now.milliseconds))
  }

  private func erase(_ stand: Stand) async throws -> HTTPResponse {
    await stand.ask("DELETE", "/student/s-1", "", [try token(stand)])
  }

  /// A batch of students of the school.
  private func begin(_ stand: Stand, _ students: String...) async throws -> String {
    let service = Bearer.header(try Bearer.token("timer", "service", school: "north", at: stand.clock.now.milliseconds))
    let list = students.map { #"{"student_id":"\#($0)"}"# }.joined(separator: ",")
    let response = await stand.ask("POST", "/batch/mastery", #"{"requests":[\#(list)],"async":true}"#, [service])
    return try #require(try ReadJSON.data(response.body)["batch_id"] as? String)
  }

  /// The state of a batch.
  private func batch(_ stand: Stand, _ id: String) async throws -> [String: Any] {
    let service = Bearer.header(try Bearer.token("timer", "service", school: "north", at: stand.clock.now.milliseconds))
    return try ReadJSON.data(await stand.ask("GET", "/batch/mastery/\(id)", "", [service]).body)
  }

  /// A student with a document, a trail, waiting announcements, consent, dead letters of all kinds, standings, and two batches, one of
  /// which is done.
  private func known(_ sidecar: SimulatedSidecar = SimulatedSidecar()) async throws -> Stand {
    let stand = Stand.production(sidecar: sidecar) { $0.limitsRates = false }
    _ = await stand.deliver([event("e-1"), event("e-9", student: "s-2")])
    _ = await stand.deliver([event("e-2", at: "2026-03-12T08:00:00Z", cohort: "c-2")])
    _ = await stand.ask("PUT", "/student/s-1/consent", #"{"granted":true}"#, [try token(stand)])
    let wrong = event("e-3").replacingOccurrences(of: #""completed_exercises":8"#, with: #""completed_exercises":11"#)
    let others = event("e-4", student: "s-2").replacingOccurrences(of: #""completed_exercises":8"#, with: #""completed_exercises":12"#)
    #expect(
      await stand.deliver([wrong, others, #"{"student_id":"s-1" "event_type""#, #"["a","s-12"]"#]).values.allSatisfy { $0 == "SUCCESS" })
    #expect(await stand.redeliver(Topic.deadLetters) == ["SUCCESS"])
    #expect(await stand.redeliver(Topic.standings) == ["SUCCESS"])
    _ = try await begin(stand, "s-2", "s-1")
    #expect(await stand.redeliver("mastery.batch.normal") == ["SUCCESS"])
    _ = try await begin(stand, "s-1", "s-2", "s-1")
    #expect(await stand.service.audit.drain(within: 1_000) == 0)
    return stand
  }

  /// Delivers events that were published after the stand's clock had advanced.
  private func deliver(_ events: [String], later stand: Stand) async {
    let time = stand.clock.now.iso8601
    let bulk = Wrapped.bulk(events.enumerated().map { ("\($0.offset)", Wrapped.cloudEvent($0.element, time: time)) })
    #expect(await stand.deliver(Array(bulk.utf8)).values.allSatisfy { $0 == "SUCCESS" })
  }

  private func text(_ stand: Stand, _ key: String) -> String {
    String(decoding: stand.sidecar.stored(key)?.value ?? [], as: UTF8.self)
  }

  /// The keys whose values still hold the student.
  private func traces(_ stand: Stand) -> [String] {
    stand.sidecar.keys.filter { key in
      let text = text(stand, key)
      return ["s-1\"", "s-1\\\"", "e-1\"", "e-2\"", "e-3\"", "c-1", "c-2"].contains { text.contains($0) }
        || (key.contains(":s-1:") && text.contains("mastery.data.access"))
    }
  }

  @Test("An erased student remains only in the name of a key, and the answer counts what was there")
  func whole() async throws {
    let stand = try await known()
    #expect(traces(stand).contains(Self.key) && traces(stand).count >= 4, "\(traces(stand))")
    let response = try await erase(stand)
    #expect(response.status == 200, "\(response.text)")
    let data = try ReadJSON.data(response.body)
    // The torn letter goes too, and has no owner to count it for.
    let deleted = try ReadJSON.canonical(try #require(data["deleted"]))
    #expect(deleted == #"{"audit":3,"batches":2,"dead_letters":1,"document":1,"standings":3}"#)
    #expect(await stand.service.audit.drain(within: 1_000) == 0)
    // Of the other student's data the cohort is left.
    let left = stand.sidecar.keys.filter { text(stand, $0).contains("s-1\"") || text(stand, $0).contains("s-1\\\"") }
    #expect(left.isEmpty, "\(left)")
    let tombstone = text(stand, Self.key)
    #expect(!tombstone.contains("s-1") && !tombstone.contains("c-1") && !tombstone.contains("e-1") && !tombstone.contains("granted"))
    #expect(stand.sidecar.stored(Self.key)?.secondsToLive == 90 * 86_400)
    let token = try token(stand)
    for path in ["/student/s-1/export", "/student/s-1/audit", "/student/s-1/consent"] {
      #expect(await stand.ask("GET", path, "", [token]).status == 404)
    }
    #expect(await stand.ask("POST", "/mastery/query", #"{"student_id":"s-1"}"#, [token]).status == 404)
    let told = try #require(stand.sidecar.published(to: Topic.erased).last)
    let said = try ReadJSON.data(told)
    #expect(said["student_id"] as? String == "s-1" && said["school_id"] as? String == "north" && said["revision"] as? Int == 0)
    #expect(said["epoch"] as? Int64 ?? 0 > Stand.noon / 1_000)
    // The others' letters are still kept.
    #expect(stand.sidecar.keys.contains { text(stand, $0).contains("e-4") })
    #expect(try stand.document(of: "s-2", school: "north").ledger.revision == 1)
  }

  @Test("An erasure does not wait if the document turns out to be of a later release meanwhile")
  func laterRelease() async throws {
    let stand = try await known()
    let pauses = stand.clock.pauses.count
    let sidecar = stand.sidecar
    sidecar.play { call in
      if case .load(let keys) = call, keys.contains(where: { $0.hasSuffix(":audit") }) {
        sidecar.put(Array(#"{"schema":9}"#.utf8), at: Self.key)
      }
      return .done
    }
    #expect(try await erase(stand).status == 503)
    #expect(stand.clock.pauses.count == pauses)
  }

  @Test("An erased student does not come back through late events, redeliveries, dead letters or requests to erase")
  func late() async throws {
    let stand = try await known()
    let tombstone = try await erase(stand)
    #expect(tombstone.status == 200)
    let standing = stand.sidecar.stored(Self.key)
    let published = stand.sidecar.published(to: Topic.results).count
    for _ in 0..<2 {
      #expect(await stand.deliver([event("e-1"), event("e-7", at: "2026-03-15T12:04:59Z")]) == ["0": "SUCCESS", "1": "SUCCESS"])
      #expect(await stand.deliver([event("e-1")], to: Topic.retry) == ["0": "SUCCESS"])
      #expect(await stand.redeliver(Topic.deadLetters) == ["SUCCESS"])
      #expect(await stand.redeliver(Topic.erasures) == ["SUCCESS"])
      #expect(await stand.redeliver(Topic.standings) == ["SUCCESS"])
      #expect(await stand.redeliver("mastery.batch.normal") == ["SUCCESS"])
    }
    let held = stand.sidecar.keys.filter { text(stand, $0).contains("s-1\"") }
    #expect(held.isEmpty, "\(held)")
    #expect(stand.sidecar.stored(Self.key) == standing && stand.sidecar.published(to: Topic.results).count == published)
    let bucket = stand.sidecar.keys.filter { $0.hasPrefix("school:north:dlq:") && !$0.contains("none") }
    #expect(!bucket.isEmpty && bucket.allSatisfy { !text(stand, $0).contains("s-1\"") })

    // A new life knows nothing of the old one, is distinct from it, and forgets what belongs to it as well.
    let result = try #require(stand.sidecar.published(to: Topic.results).last)
    let former = try #require(ReadJSON.data(result)["epoch"] as? Int64)
    stand.clock.step(3_600_000)
    await deliver([event("e-new", at: "2026-03-15T12:30:00Z", cohort: "c-3"), event("e-1"), event("e-2")], later: stand)
    let document = try stand.document(of: "s-1", school: "north")
    #expect(document.ledger.epoch > former && document.ledger.revision == 1 && document.ledger.cohorts.map(\.text) == ["c-3"])
    #expect(document.days.count == 1 && document.general?.baseline.isEmpty == true && document.ledger.erasedAt != nil)
    #expect(await stand.redeliver(Topic.erasures) == ["SUCCESS"])
    #expect(try stand.document(of: "s-1", school: "north") == document)
    _ = await stand.ask("POST", "/mastery/query", #"{"student_id":"s-1"}"#, [try token(stand)])
    #expect(await stand.service.audit.drain(within: 1_000) == 0)
    #expect(try await AuditTests.stored(of: try Stand.key("s-1", school: "north"), at: stand).count == 1)
    // The old life's results come late once more, and only the new life is stored anywhere.
    for _ in 0..<2 { #expect(await stand.redeliver(Topic.standings) == ["SUCCESS"]) }
    let shards = stand.sidecar.keys.filter { $0.contains(":standing:") && text(stand, $0).contains("s-1\"") }
    #expect(Set(shards.map { $0.split(separator: ":")[3] }) == ["_school", "c-3"])
    #expect(shards.allSatisfy { text(stand, $0).contains("[\(document.ledger.epoch),1,") })
  }

  @Test("An erased student is in no batch result that is done, open or asked for before the erasure, but in later ones")
  func batches() async throws {
    let stand = try await known()
    let (done, open) = (try await begin(stand, "s-1", "s-2"), try await begin(stand, "s-2", "s-1"))
    // The last two orders are of these; the former batch is processed now.
    let orders = stand.sidecar.published(to: "mastery.batch.normal").suffix(2)
    #expect(await stand.deliver(try #require(orders.first), to: "mastery.batch.normal") == ["": "SUCCESS"])
    #expect(try await batch(stand, done)["completed"] as? Int == 2)
    #expect(try await erase(stand).status == 200)
    #expect(await stand.deliver(try #require(orders.last), to: "mastery.batch.normal") == ["": "SUCCESS"])
    for id in [done, open, try await begin(stand, "s-1", "s-2")] {
      _ = await stand.redeliver("mastery.batch.normal")
      let standing = try await batch(stand, id)
      #expect(standing["status"] as? String == "completed" && standing["completed"] as? Int == 1)
      #expect((standing["results"] as? [[String: Any]])?.map { $0["student_id"] as? String } == ["s-2"])
      #expect((standing["failures"] as? [Any])?.count == 0)
    }
    // Five minutes are allowed for the clocks of replicas.
    stand.clock.step(301_000)
    let later = try await begin(stand, "s-1", "s-2")
    #expect(await stand.redeliver("mastery.batch.normal") == ["SUCCESS"])
    #expect(try await batch(stand, later)["failed"] as? Int == 1)
  }

  @Test(
    "An erased student stays erased for at least 30 days, and for ever without consent", arguments: [(7, true), (7, false), (120, true)])
  func lifetimes(_ retention: Int, _ isGranted: Bool) async throws {
    let stand = Stand.production { $0.retentionDays = retention }
    _ = await stand.deliver([event("e-1")])
    _ = await stand.ask("PUT", "/student/s-1/consent", #"{"granted":\#(isGranted)}"#, [try token(stand)])
    #expect(try await erase(stand).status == 200)
    let stored = try #require(stand.sidecar.stored(Self.key))
    #expect(stored.secondsToLive == (isGranted ? max(retention, 30) * 86_400 : -1))
    #expect(!String(decoding: stored.value, as: UTF8.self).contains("s-1"))
    let consent = await stand.ask("GET", "/student/s-1/consent", "", [try token(stand)])
    #expect(consent.status == (isGranted ? 404 : 200))
    if !isGranted { #expect(try ReadJSON.data(consent.body)["granted"] as? Bool == false) }
    stand.clock.step(86_400_000)
    await deliver([event("e-new", at: "2026-03-16T11:00:00Z")], later: stand)
    #expect(try stand.document(of: "s-1", school: "north").ledger.revision == (isGranted ? 1 : 0))
    #expect(stand.sidecar.stored(Self.key)?.secondsToLive == (isGranted ? max(retention, 30) * 86_400 : -1))
  }

  @Test("An unknown student and a damaged document are erased too, and a document of a later release is left alone")
  func odd() async throws {
    let stand = Stand.production()
    #expect(try await erase(stand).status == 200)
    #expect(await stand.deliver([event("e-1")]) == ["0": "SUCCESS"])
    #expect(try stand.document(of: "s-1", school: "north").isTombstone)
    stand.sidecar.put(Array(#"{"schema":1,"student_id":"s-1","school_id":"north","evidence":7,"e-1":1}"#.utf8), at: Self.key)
    #expect(try await erase(stand).status == 200)
    #expect(try stand.document(of: "s-1", school: "north").isTombstone && traces(stand).isEmpty)
    stand.sidecar.put(Array(#"{"schema":9}"#.utf8), at: Self.key)
    #expect(try await erase(stand).status == 503)
    #expect(stand.sidecar.stored(Self.key)?.value == Array(#"{"schema":9}"#.utf8))
  }

  @Test("An erasure is completed whichever call is the last of the process that began it", arguments: [true, false])
  func killed(_ losesAnswers: Bool) async throws {
    var died = 0
    for last in 0..<60 {
      let stand = try await known()
      let count = Atomic(0)
      stand.sidecar.play { call in
        // After that call nothing gets through any more, except for reads of readiness.
        let number = count.add(1, ordering: .relaxed).oldValue
        if number < last { return .done }
        return number == last && losesAnswers ? .answerLost(.broken("reset")) : .failed(.unreachable("killed"))
      }
      let response = try await erase(stand)
      stand.sidecar.recover()
      guard response.status != 200 else { break }
      died += 1
      // If the broker never accepted the request, the caller knows that nothing has begun.
      guard !stand.sidecar.published(to: Topic.erasures).isEmpty else { continue }
      // Another replica goes on, while events are delivered again.
      let other = Stand.production(sidecar: stand.sidecar)
      #expect(await other.deliver([event("e-1")]) == ["0": "SUCCESS"])
      #expect(await other.redeliver(Topic.erasures) == ["SUCCESS"])
      let document = try stand.document(of: "s-1", school: "north")
      #expect(document.isTombstone && document.ledger.erasing == nil, "after call \(last)")
      let left = stand.sidecar.keys.filter { text(stand, $0).contains("s-1\"") }
      #expect(left.isEmpty, "after call \(last): \(left)")
      #expect(!stand.sidecar.published(to: Topic.erased).isEmpty)
    }
    #expect(died > 15)
  }

  @Test(
    "An erased student is in no cohort, even if a damaged document cannot name the cohorts and results come late", arguments: [true, false])
  func damaged(_ isKnown: Bool) async throws {
    let stand = Stand.production()
    _ = await stand.deliver([event("e-1"), event("e-9", student: "s-2")])
    _ = await stand.deliver([event("e-2", at: "2026-03-12T08:00:00Z", cohort: "c-2")])
    if isKnown { #expect(await stand.redeliver(Topic.standings) == ["SUCCESS"]) }
    stand.sidecar.put(Array("{".utf8), at: Self.key)
    stand.clock.step(3_600_000)
    #expect(try await erase(stand).status == 200)
    for _ in 0..<2 {
      #expect(traces(stand).filter { $0.contains(":standing:") && text(stand, $0).contains("s-1\"") }.isEmpty)
      #expect(await stand.redeliver(Topic.standings) == ["SUCCESS"])
    }
  }

  @Test("Requests to erase one student that meet in a process are done together, and those for another student do not wait for them")
  func together() async throws {
    let stand = try await known()
    let gate = AsyncSemaphore(1)
    let saves = Atomic(0)
    stand.sidecar.play { call in
      guard call.isSave, call.touches(Self.key) else { return .done }
      saves.add(1, ordering: .relaxed)
      return await gate.take { .done }
    }
    let token = try token(stand)
    let other = Bearer.header(try Bearer.token("s-2", "student", school: "north", at: stand.clock.now.milliseconds))
    // The first one's save hangs until all others have come.
    let asking = await gate.take {
      let asking = Task {
        await withTaskGroup(of: Int.self) { group in
          for _ in 0..<40 { group.addTask { await stand.ask("DELETE", "/student/s-1", "", [token]).status } }
          return await group.reduce(into: []) { $0.append($1) }
        }
      }
      while saves.load(ordering: .relaxed) == 0 { await Task.yield() }
      #expect(await stand.ask("DELETE", "/student/s-2", "", [other]).status == 200)
      return asking
    }
    let statuses = await asking.value
    #expect(statuses == Array(repeating: 200, count: 40))
    // A tombstone and the end of its work, and as much again at most for those that came while it was written.
    #expect(saves.load(ordering: .relaxed) <= 4)
    #expect(stand.sidecar.published(to: Topic.erasures).count <= 3)
    #expect(try stand.document(of: "s-1", school: "north").ledger.erasing == nil)
  }

  @Test(
    "A process whose clock is a year ahead does not drop a request whose tombstone is about to be written, of whomever",
    arguments: [false, true])
  func crossed(isNumberedFarAhead: Bool) async throws {
    let stand = Stand.production()
    let ahead = Stand.production(sidecar: stand.sidecar)
    ahead.clock.step(365 * 86_400_000)
    // A life that such a clock began, of an event whose delivery has no time, looks like one that began after the request.
    if isNumberedFarAhead {
      let body = Wrapped.bulk([("0", Wrapped.cloudEvent(event("e-1"), time: nil))])
      #expect(await ahead.deliver(Array(body.utf8)) == ["0": "SUCCESS"])
    }
    let key = try Stand.key("s-1", school: "north")
    let request = ErasureMessage(key, askedAt: Stand.noonTime)
    _ = await stand.service.requests.services.erasure.publisher.publish(request.event, to: Topic.erasures, context: CallContext())
    let first = try #require(stand.sidecar.published(to: Topic.erasures).last)
    // It goes to the end of the topic, or comes again, until it has waited there.
    #expect(await ahead.deliver(first, to: Topic.erasures) == ["": "RETRY"])
    ahead.clock.step(2_000)
    #expect(await ahead.deliver(first, to: Topic.erasures) == ["": "SUCCESS"])
    let second = try #require(stand.sidecar.published(to: Topic.erasures).last)
    #expect(second != first)
    #expect(await ahead.deliver(second, to: Topic.erasures) == ["": "RETRY"])
    ahead.clock.step(2_000)
    #expect(await ahead.deliver(second, to: Topic.erasures) == ["": "SUCCESS"])
    #expect(stand.sidecar.published(to: Topic.erasures).last == second)
  }

  @Test("A student is not erased by a request from long ago or by an invalid one")
  func stale() async throws {
    let stand = Stand.production()
    _ = await stand.deliver([event("e-1")])
    let standing = stand.sidecar.stored(Self.key)
    let month: Int64 = 31 * 86_400_000
    let old = #"{"event_type":"erasure.requested","student_id":"s-1","school_id":"north","requested_at":\#(Stand.noon - month)}"#
    // Whoever was asked may have a clock of another month, so the request waits at the end of the topic first.
    for status in ["RETRY", "SUCCESS"] {
      #expect(await stand.deliver(Array(Wrapped.bulk([("0", Wrapped.cloudEvent(old))]).utf8), to: Topic.erasures) == ["0": status])
      stand.clock.step(2_000)
    }
    let waiting = try #require(stand.sidecar.published(to: Topic.erasures).last)
    #expect(await stand.deliver(waiting, to: Topic.erasures) == ["": "SUCCESS"])
    #expect(stand.sidecar.published(to: Topic.erasures).count == 1)
    for request in [
      #"{"event_type":"erasure.requested","student_id":"s-1","school_id":"north"}"#,
      #"{"event_type":"erasure.requested","student_id":"s-1","school_id":"no rth","requested_at":\#(Stand.noon)}"#, event("e-5"), "x",
    ] {
      let body = Wrapped.bulk([("0", Wrapped.cloudEvent(request))])
      #expect(await stand.deliver(Array(body.utf8), to: Topic.erasures) == ["0": "SUCCESS"])
    }
    #expect(stand.sidecar.stored(Self.key) == standing)
    #expect(stand.sidecar.published(to: Topic.deadLetters).count == 4)
  }
}
