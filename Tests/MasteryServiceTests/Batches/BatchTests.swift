import DaprClient
import Foundation
import HTTPServer
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("A batch")
struct BatchTests {
  /// Students s0 to s199; the even ones have exercises: s0 none done, s2 one of ten, and so on.
  private func stand(_ configure: @escaping (inout Configuration) -> Void = { $0.jwtSecret = Bearer.secret }) async -> Stand {
    let stand = Stand(configure: configure)
    for start in stride(from: 0, to: 200, by: 40) {
      _ = await stand.deliver(
        stride(from: start, to: start + 40, by: 2).map { Wrapped.exercise("e\($0)", of: "s\($0)", completed: $0 / 2 % 11) })
    }
    return stand
  }

  private static func body(_ count: Int, _ rest: String = "") -> String {
    #"{"requests":[\#((0..<count).map { #"{"student_id":"s\#($0)"}"# }.joined(separator: ","))]\#(rest)}"#
  }

  /// Begins a queued batch, and returns its id.
  private func begin(_ stand: Stand, _ body: String, _ fields: [HTTPField] = []) async throws -> String {
    let response = await stand.ask("POST", "/batch/mastery", body, fields)
    #expect(response.status == 202)
    return try #require(try ReadJSON.data(response.body)["batch_id"] as? String)
  }

  private func status(_ stand: Stand, _ id: String, _ query: String = "", _ fields: [HTTPField] = []) async throws -> [String: Any] {
    try ReadJSON.data(await stand.ask("GET", "/batch/mastery/\(id)\(query)", "", fields).body)
  }

  /// Delivers published chunks to the service.
  private func work(_ stand: Stand, _ chunks: Range<Int>? = nil, from topic: String = "mastery.batch.normal") async -> Set<String> {
    let orders = stand.sidecar.published(to: topic).map { String(decoding: $0, as: UTF8.self) }
    let body = Wrapped.bulk((chunks ?? orders.indices).map { ("\($0)", orders[$0]) })
    return Set(await stand.deliver(Array(body.utf8), to: topic).values)
  }

  @Test("A batch of a few students is answered at once, with failures, results and a summary")
  func atOnce() async throws {
    let body =
      #"{"requests":[{"student_id":"s4"},{"student_id":"s1"},{"student_id":"x","components":{"quiz":{"total_questions":2,"#
      + #""correct_answers":1}}},{"student_id":"s4"}]}"#
    let stand = await stand()
    let calls = stand.sidecar.calls.count
    let response = await stand.ask("POST", "/batch/mastery", body)
    // s4 has 2 of 10 done: 0.4 × 0.2 + 0.1; x has 0.3 × 0.5.
    #expect(
      try ReadJSON.canonical(try ReadJSON.data(response.body))
        == #"{"failures":[{"code":"NOT_FOUND","message":"there is no student s1","student_id":"s1"}],"results":["#
        + #"{"components":{"completion":0.2,"consistency":1,"quality":0,"quiz":0},"level":"beginner","mastery_score":0.18,"missing":["quiz","quality"],"student_id":"s4"},"#
        + #"{"components":{"completion":0,"consistency":0,"quality":0,"quiz":0.5},"level":"beginner","mastery_score":0.15,"missing":["completion","quality","consistency"],"student_id":"x"},"#
        + #"{"components":{"completion":0.2,"consistency":1,"quality":0,"quiz":0},"level":"beginner","mastery_score":0.18,"missing":["quiz","quality"],"student_id":"s4"}],"#
        + #""summary":{"average":0.17,"failed":1,"highest":0.18,"levels":{"beginner":3,"competent":0,"developing":0,"expert":0,"#
        + #""proficient":0},"lowest":0.15,"success":3,"total":4}}"#)
    #expect(stand.sidecar.calls.count { $0.isLoad } - stand.sidecar.calls.prefix(calls).count { $0.isLoad } == 1)
  }

  @Test("A batch over 100 students is processed in chunks, each student once, with exact progress")
  func chunks() async throws {
    let stand = await stand()
    #expect(await stand.ask("POST", "/batch/mastery", Self.body(100)).status == 200)
    let id = try await begin(stand, Self.body(120))
    var standing = try await status(stand, id)
    #expect(standing["status"] as? String == "queued" && standing["total"] as? Int == 120 && standing["completed"] as? Int == 0)
    #expect(await work(stand, 1..<2) == ["SUCCESS"])
    standing = try await status(stand, id)
    #expect(standing["status"] as? String == "processing" && standing["completed"] as? Int == 50 && standing["failed"] as? Int == 25)
    for _ in 0..<2 { #expect(await work(stand) == ["SUCCESS"]) }
    standing = try await status(stand, id, "?offset=0&limit=1000")
    #expect(standing["status"] as? String == "completed" && standing["completed"] as? Int == 120 && standing["failed"] as? Int == 60)
    let results = try #require(standing["results"] as? [[String: Any]]).compactMap { $0["student_id"] as? String }
    #expect(results == stride(from: 0, to: 120, by: 2).map { "s\($0)" })
    let page = try await status(stand, id, "?offset=10&limit=3")
    #expect((page["results"] as? [Any])?.count == 2 && (page["failures"] as? [Any])?.count == 1)
    #expect((page["summary"] as? [String: Any])?["total"] as? Int == 120)
  }

  @Test("A batch has the same results whoever repeats a chunk and however the store fails meanwhile", arguments: 0..<20 as Range<UInt64>)
  func faults(seed: UInt64) async throws {
    let stand = await stand()
    let random = SeededGenerator(seed: seed)
    let id = try await begin(stand, Self.body(200, #","async":true"#))
    stand.sidecar.play { call in
      await Task.yield()
      // A healthy sidecar that breaks the connection for one key, again and again, cannot read it; this one is unhealthy.
      if case .other("isReady") = call { return .failed(.timedOut) }
      guard call.isLoad || call.isSave, random.once(in: 3) else { return .done }
      return random.once(in: 2) ? .failed(.timedOut) : .answerLost(.broken("reset"))
    }
    // Two replicas get the same orders.
    let other = Stand(sidecar: stand.sidecar, seed: seed + 100)
    for _ in 0..<40 {
      async let one = work(stand)
      async let two = work(other)
      if await one == ["SUCCESS"], await two == ["SUCCESS"] { break }
    }
    stand.sidecar.recover()
    #expect(await work(other) == ["SUCCESS"])
    let standing = try await status(stand, id, "?limit=1000")
    #expect(standing["status"] as? String == "completed")
    let results = try #require(standing["results"] as? [[String: Any]]).compactMap { $0["student_id"] as? String }
    #expect(results == stride(from: 0, to: 200, by: 2).map { "s\($0)" })
  }

  /// Rows that break the rules, and their errors; none of them costs the others.
  private static let faultyRows =
    #"[{"student_id":"s4"},{"student_id":"a b"},7.5,{"student_id":"s4","components":{"quiz":2}},{"student_id":"s4","mood":1},{},null,{"ann.of.oak":1}]"#

  private static let faults: [(student: String?, words: String)] = [
    (nil, "requests[1].student_id must be 1 to 128 letters"), (nil, "requests[2] must be an object with a student_id"),
    ("s4", "requests[3].components.quiz must be a number from 0 to 1"), ("s4", "requests[4].mood is unknown"),
    (nil, "requests[5].student_id is required"), (nil, "requests[6] must be an object with a student_id"),
    // What a row says is kept only if an erasure finds it.
    (nil, "requests[7] has an unknown field, and no student_id"),
  ]

  private func checkFaults(_ answer: [String: Any]) throws {
    let results = try #require(answer["results"] as? [[String: Any]])
    #expect(results.map { $0["student_id"] as? String } == ["s4"])
    let failures = try #require(answer["failures"] as? [[String: Any]])
    #expect(failures.map { $0["student_id"] as? String } == Self.faults.map(\.student))
    for (failure, fault) in zip(failures, Self.faults) {
      #expect(failure["code"] as? String == "VALIDATION_ERROR")
      #expect((failure["message"] as? String)?.hasPrefix(fault.words) == true, "\(failure)")
    }
  }

  @Test("A small batch reports rows that break the rules as failures, and processes the others at once")
  func faultyRowsAtOnce() async throws {
    let stand = await stand()
    let response = await stand.ask("POST", "/batch/mastery", #"{"requests":\#(Self.faultyRows)}"#)
    #expect(response.status == 200)
    let answer = try ReadJSON.data(response.body)
    try checkFaults(answer)
    let summary = try #require(answer["summary"] as? [String: Any])
    #expect(summary["total"] as? Int == 8 && summary["success"] as? Int == 1 && summary["failed"] as? Int == 7)
  }

  @Test("A queued batch reports rows that break the rules beside the others, and keeps nothing that they say")
  func faultyRowsOfJob() async throws {
    let stand = await stand()
    let id = try await begin(stand, #"{"requests":\#(Self.faultyRows),"async":true}"#)
    #expect(await work(stand) == ["SUCCESS"])
    try checkFaults(try await status(stand, id, ""))
    // The fleet's clients use another path.
    #expect(await stand.ask("GET", "/api/v1/batch/status/\(id)").status == 200)
    for key in stand.sidecar.keys where key.hasPrefix("batch:") {
      let stored = String(decoding: try #require(stand.sidecar.stored(key)).value, as: UTF8.self)
      #expect(!stored.contains("a b") && !stored.contains("7.5"))
    }
  }

  @Test("A batch is on record for each student whose stored mastery is asked for, and again when it is shown")
  func audit() async throws {
    let stand = await stand()
    let ask = HTTPField("X-Correlation-ID", "ask")
    let list = #"[{"student_id":"s2"},{"student_id":"s1"},{"student_id":"s4","components":{"quiz":0.5}}]"#
    let id = try await begin(stand, #"{"requests":\#(list),"async":true}"#, [ask])
    _ = await stand.ask("GET", "/batch/mastery/\(id)", "", [HTTPField("X-Correlation-ID", "early")])
    #expect(await work(stand) == ["SUCCESS"])
    for (name, query) in [("late", ""), ("page", "?offset=1")] {
      _ = await stand.ask("GET", "/batch/mastery/\(id)\(query)", "", [HTTPField("X-Correlation-ID", name)])
    }
    let records = try AuditTests.logged(stand).mapValues { $0.compactMap { $0["student_id"] as? String } }
    #expect(records == ["ask": ["s1", "s2"], "late": ["s2"]])
  }

  @Test("A batch that finds a student in 1,000 others drops the student from the oldest batch of the busiest caller")
  func full() async throws {
    let stand = await stand()
    let (flood, other) = (
      Bearer.header(try Bearer.token("flood", "service")), Bearer.header(try Bearer.token("timer", "service"))
    )
    let body = #"{"requests":[{"student_id":"s2"},{"student_id":"s4"}],"async":true}"#
    let kept = try await begin(stand, body, [other])
    #expect(await work(stand) == ["SUCCESS"])
    stand.clock.step(1_000)
    let first = try await begin(stand, body, [flood])
    #expect(await work(stand) == ["SUCCESS"])
    // As many more of the same caller as there is room for.
    let key = "student:s2:batches"
    func listed() throws -> [[Any]] {
      let stored = try #require(stand.sidecar.stored(key)).value
      return try #require(try ReadJSON.object(stored)["batches"] as? [[Any]])
    }
    let entry = try #require(try listed().first { $0.first as? String == first })
    let more = (0..<998).map { ["b-\($0)"] + entry.dropFirst() }
    stand.sidecar.put(Array(try ReadJSON.canonical(["schema": 1, "batches": try listed() + more]).utf8), at: key)
    stand.clock.step(1_000)
    let next = try await begin(stand, body, [other])
    #expect(await work(stand) == ["SUCCESS"])
    func students(_ id: String) async throws -> [String] {
      let results = try #require(
        try await status(stand, id, "", [Bearer.header(try Bearer.token("a", "admin"))])["results"] as? [[String: Any]])
      return results.compactMap { $0["student_id"] as? String }
    }
    let (early, late, gone) = (try await students(kept), try await students(next), try await students(first))
    #expect(early == ["s2", "s4"] && late == ["s2", "s4"] && gone == ["s4"])
    let ids = try listed().compactMap { $0.first as? String }
    #expect(ids.count == 1_000 && ids.contains(kept) && ids.contains(next) && !ids.contains(first))
    // A week later there is room.
    stand.clock.step(8 * 86_400_000)
    _ = try await begin(stand, body)
    #expect(try listed().count == 1)
  }

  @Test("A batch keeps the results of its chunks even if a student moves on")
  func frozen() async throws {
    let stand = await stand()
    let id = try await begin(stand, Self.body(3, #","async":true"#))
    #expect(await work(stand) == ["SUCCESS"])
    let before = try ReadJSON.canonical(try await status(stand, id))
    _ = await stand.deliver([Wrapped.exercise("late", of: "s2", completed: 10, at: "2026-03-12T08:00:00Z")])
    #expect(await work(stand) == ["SUCCESS"])
    #expect(try ReadJSON.canonical(try await status(stand, id)) == before)
  }

  @Test("A batch times out after ten minutes, and no more is done then")
  func timeOut() async throws {
    let stand = await stand()
    let id = try await begin(stand, Self.body(101))
    #expect(await work(stand, 0..<1) == ["SUCCESS"])
    stand.clock.step(600_001)
    #expect(await work(stand) == ["SUCCESS"])
    let standing = try await status(stand, id)
    #expect(standing["status"] as? String == "timed_out" && standing["completed"] as? Int == 50)
  }

  @Test("A batch is visible only to its caller and to admins of the school")
  func visibility() async throws {
    let stand = await stand()
    let teacher = Bearer.header(try Bearer.token("t", "teacher", students: ["s2", "s3"]))
    let id = try await begin(stand, #"{"requests":[{"student_id":"s2"}],"async":true}"#, [teacher])
    #expect(await stand.ask("GET", "/batch/mastery/\(id)", "", [teacher]).status == 200)
    for (subject, role, school, status) in [
      ("t", "teacher", nil, 200), ("u", "teacher", nil, 403), ("t", "service", nil, 403), ("a", "admin", nil, 200),
      ("a", "admin", "north", 404), ("t", "teacher", "north", 404), ("t", "student", nil, 403),
    ] as [(String, String, String?, Int)] {
      let header = Bearer.header(try Bearer.token(subject, role, school: school))
      #expect(await stand.ask("GET", "/batch/mastery/\(id)", "", [header]).status == status, "\(subject) \(role)")
    }
    let mixed = #"{"requests":[{"student_id":"s2"},{"student_id":"s4"}]}"#
    #expect(await stand.ask("POST", "/batch/mastery", mixed, [teacher]).status == 403)
    #expect(await stand.ask("GET", "/batch/mastery/nothing").status == 404)
  }

  @Test("A batch leaves nothing after a week, and is in its students' lists before its chunks exist")
  func keys() async throws {
    let stand = await stand()
    let id = try await begin(stand, Self.body(60, #","async":true,"priority":"high""#))
    for key in ["batch:\(id):status", "batch:\(id):chunk:0", "batch:\(id):chunk:1", "student:s7:batches"] {
      #expect(stand.sidecar.stored(key)?.secondsToLive == 7 * 86_400, "\(key)")
    }
    let own = String(decoding: try #require(stand.sidecar.stored("student:s7:batches")).value, as: UTF8.self)
    #expect(own.contains(id))
    let saves = stand.sidecar.calls.compactMap { call -> [String]? in if case .save(let items) = call { items.map(\.key) } else { nil } }
    let list = try #require(saves.firstIndex { $0.contains("student:s7:batches") })
    let chunk = try #require(saves.firstIndex { $0.contains("batch:\(id):chunk:0") })
    let job = try #require(saves.firstIndex { $0.contains("batch:\(id):status") })
    #expect(list < chunk && chunk < job)
    #expect(stand.sidecar.published(to: "mastery.batch.high").count == 2)
  }

  @Test("A batch is not begun while the store or the broker is down")
  func outage() async throws {
    let stand = await stand()
    let kinds: [@Sendable (SidecarCall) -> Bool] = [{ $0.isLoad }, { $0.isSave }, { $0.isPublish }]
    for condition in kinds {
      stand.sidecar.always(.failed(.timedOut), where: condition)
      #expect(await stand.ask("POST", "/batch/mastery", Self.body(101)).status == 503)
    }
  }

  @Test("A batch whose orders the broker does not accept leaves its students' lists as they were, however often it is asked for")
  func withdrawn() async throws {
    let stand = await stand()
    let kept = try await begin(stand, Self.body(3, #","async":true"#))
    #expect(await work(stand) == ["SUCCESS"])
    let lists = stand.sidecar.keys.filter { $0.hasSuffix(":batches") }
    let before = lists.map { stand.sidecar.stored($0)?.value }
    stand.sidecar.always(.failed(.timedOut), where: \.isPublish)
    for _ in 0..<3 {
      #expect(await stand.ask("POST", "/batch/mastery", Self.body(120)).status == 503)
      #expect(lists.map { stand.sidecar.stored($0)?.value } == before)
    }
    for key in stand.sidecar.keys where key.hasPrefix("batch:") && !key.hasPrefix("batch:\(kept)") && key.contains(":chunk:") {
      let chunk = try ReadJSON.canonical(try ReadJSON.object(try #require(stand.sidecar.stored(key)).value))
      #expect(chunk.contains(#""students":[]"#), "\(key): \(chunk)")
    }
    // While the store is down too, the job stays, and an erasure still finds it.
    stand.sidecar.always(.failed(.timedOut)) { $0.isPublish || $0.isLoad && $0.touches("batch:") }
    #expect(await stand.ask("POST", "/batch/mastery", Self.body(120)).status == 503)
    stand.sidecar.recover()
    for (key, list) in zip(lists, before) { #expect(stand.sidecar.stored(key)?.value != list, "\(key)") }
  }

  @Test("A batch waits 30 seconds for a student who cannot be read, also where a process's clock is a minute ahead")
  func patience() async throws {
    let stand = await stand()
    let id = try await begin(stand, Self.body(3, #","async":true"#))
    let key = try Stand.key("s2").documentKey
    let ahead = Stand(at: Stand.noon + 60_000, sidecar: stand.sidecar) { $0.jwtSecret = Bearer.secret }
    stand.sidecar.always(.partly(without: [key]), where: \.isLoad)
    #expect(await work(ahead, from: "mastery.batch.normal") == ["RETRY"])
    ahead.clock.step(29_000)
    #expect(await work(ahead, from: "mastery.batch.normal") == ["RETRY"])
    ahead.clock.step(1_000)
    #expect(await work(ahead, from: "mastery.batch.normal") == ["SUCCESS"])
    let failures = try #require(try await status(stand, id)["failures"] as? [[String: Any]])
    #expect(failures.compactMap { $0["code"] as? String } == ["NOT_FOUND", "SERVICE_UNAVAILABLE"])
  }

  @Test("A message that is not an order of the batch does no harm")
  func foreign() async throws {
    let stand = await stand()
    let id = try await begin(stand, Self.body(101))
    let order = String(decoding: try #require(stand.sidecar.published(to: "mastery.batch.normal").first), as: UTF8.self)
    let chunk = order.replacing(#""chunk":0"#, with: #""chunk":77"#)
    for body in ["7", "{}", order.replacing(id, with: "a b"), order.replacing(id, with: "gone"), chunk] {
      #expect(await stand.deliver(Array(Wrapped.bulk([("0", body)]).utf8), to: "mastery.batch.normal") == ["0": "SUCCESS"])
    }
    #expect(try await status(stand, id)["completed"] as? Int == 0)
  }

  /// A request for a value that is sealed under a lost key gets no answer at all.
  @Test("A batch whose state cannot be read any more holds up no other", arguments: [StoredForm.foreign, .sealed, .lost])
  func unreadableStatus(_ form: StoredForm) async throws {
    let stand = Stand(sidecar: SimulatedSidecar(store: SimulatedStore(isEncrypted: true)))
    let id = "eacf73a1-8a92-48a5-be31-40028d0cfc1f"
    stand.sidecar.put(Array("sealed".utf8), at: "batch:\(id):status", as: form)
    let order = Wrapped.cloudEvent(#"{"event_type":"batch.chunk","batch_id":"\#(id)","chunk":0}"#)
    #expect(await stand.deliver(Array(order.utf8), to: "mastery.batch.low") == ["": "SUCCESS"])
  }
}
