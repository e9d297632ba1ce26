import DaprClient
import Foundation
import HTTPServer
import MasteryCore
import Simulation
import Synchronization
import Testing

@testable import MasteryService

@Suite("The audit of accesses", .serialized)
struct AuditTests {
  /// The audit records among the log's lines, by correlation id.
  static func logged(_ stand: Stand) throws -> [String: [[String: Any]]] {
    let records = try stand.lines.all.filter { $0.contains("mastery.data.access") }.map { try ReadJSON.object($0) }
    return Dictionary(grouping: records) { $0["correlation_id"] as? String ?? "" }
  }

  /// A student's trail as answered, page by page, newest first.
  static func trail(of student: String, at stand: Stand, page: Int = 1_000) async throws -> [[String: Any]] {
    let admin = Bearer.header(try Bearer.token("auditor-\(stand.lines.all.count)", "admin"))
    var records: [[String: Any]] = []
    while true {
      let response = await stand.ask("GET", "/student/\(student)/audit?offset=\(records.count)&limit=\(page)", "", [admin])
      let data = try ReadJSON.data(response.body)
      let read = try #require(data["records"] as? [[String: Any]])
      records += read
      if read.isEmpty {
        #expect(data["total"] as? Int == records.count)
        return records
      }
    }
  }

  /// A student's trail as stored.
  static func stored(of key: StudentKey, at stand: Stand) async throws -> [StoredRecord] {
    try await SegmentedLogStore(sidecar: stand.sidecar).page(of: AuditTrail.stored(of: key), now: stand.clock.now, context: CallContext())
      .records
  }

  @Test("An access record says who, whose, what and with which outcome, before the answer is out, at any log level")
  func content() async throws {
    let lines = LogLines()
    let stand = Stand.production()
    let runtime = Runtime(now: { stand.clock.now }, sleep: { _ in }, random: { 7 })
    var configuration = Configuration()
    configuration.jwtSecret = Bearer.secret
    let quiet = MasteryService(
      configuration, sidecar: stand.sidecar, runtime: runtime,
      log: Log(level: .error, format: .text) { lines.append(String(decoding: $0, as: UTF8.self)) })
    let fields = [
      Bearer.header(try Bearer.token("t-1", "teacher", students: ["s-1"], school: "north")), HTTPField("X-Correlation-ID", "corr-9"),
    ]
    let head = HTTPRequestHead(method: "POST", target: "/mastery/query", fields: fields)
    for (student, status) in [("s-1", 404), ("s-2", 403)] {
      #expect(await quiet.answer(HTTPRequest(head: head, body: Array(#"{"student_id":"\#(student)"}"#.utf8))).status == status)
    }
    let records = try lines.all.map { try ReadJSON.object($0) }
    let expected = ["s-1 allowed 404", "s-2 refused 403"].map { said in
      let words = said.split(separator: " ")
      return #"{"action":"mastery_query","correlation_id":"corr-9","event":"mastery.data.access","level":"info","#
        + #""message":"access to a student's data","outcome":"\#(words[1])","school_id":"north","status":\#(words[2]),"#
        + #""student_id":"\#(words[0])","timestamp":"2026-03-15T12:00:00Z","user_id":"t-1","user_role":"teacher"}"#
    }
    let said = try records.map { try ReadJSON.canonical($0) }
    #expect(said == expected)
  }

  /// Requests of all kinds, whether each accesses a student's stored data, and whether it belongs in that student's trail.
  private static let kinds: [(role: String, method: String, path: String, body: String, isAccess: Bool, isKept: Bool, status: Int)] = [
    ("student", "POST", "/mastery/query", #"{"student_id":"@"}"#, true, true, 200),
    ("student", "POST", "/mastery/query", #"{"student_id":"other"}"#, true, true, 403),
    ("student", "POST", "/mastery/query", #"{"student_id":"@","limit":1}"#, false, false, 400),
    ("student", "POST", "/mastery/query", "{", false, false, 400),
    ("student", "POST", "/mastery/calculate", #"{"student_id":"@","components":{"quiz":1}}"#, false, false, 200),
    ("student", "POST", "/mastery/calculate", #"{"student_id":"@","components":{"quiz":1},"persist":true}"#, true, true, 403),
    ("admin", "POST", "/mastery/calculate", #"{"student_id":"@","components":{"quiz":1},"persist":true}"#, true, true, 200),
    ("admin", "POST", "/mastery/query", #"{"student_id":"nobody"}"#, true, false, 404),
    ("admin", "POST", "/recommendations/adaptive", #"{"student_id":"@"}"#, true, true, 200),
    ("teacher", "POST", "/recommendations/learning-path", #"{"student_id":"@"}"#, true, true, 403),
    ("service", "POST", "/process", #"{"intent":"mastery_query","payload":{"student_id":"@"}}"#, true, true, 200),
    ("service", "POST", "/process", #"{"intent":"mastery_calculation","payload":{"student_id":"@"}}"#, true, true, 200),
    ("service", "POST", "/process", #"{"intent":"nothing","payload":{"student_id":"@"}}"#, false, false, 400),
    (
      "service", "POST", "/mastery/ingest",
      #"{"event_type":"quiz","student_id":"@","data":{"total_questions":2,"correct_answers":1}}"#, true, true, 202
    ), ("stranger", "POST", "/mastery/query", #"{"student_id":"@"}"#, false, false, 401),
    ("student", "GET", "/student/@/audit", "", true, true, 200), ("teacher", "GET", "/student/@/audit", "", true, true, 403),
    ("student", "GET", "/nothing", "", false, false, 404),
  ]

  @Test("Each request that reads or changes a student's data leaves one record with its intent, in whatever way it is sent")
  func everyIntent() async throws {
    for request in PermissionTests.requests where ![.calculates, .surveys, .administers, .looksUp].contains(request.kind) {
      let stand = Stand.production()
      _ = await stand.deliver([Wrapped.exercise("e-1", of: "s-1")])
      let body = #"{"intent":"\#(request.intent)","payload":\#(request.payload("s-1"))}"#
      let response = await stand.ask("POST", "/process", body, [Bearer.header(try Bearer.token("a-1", "admin"))])
      #expect([200, 202].contains(response.status), "\(request.intent): \(response.text)")
      let records = try Self.logged(stand).values.flatMap(\.self)
      #expect(records.count == 1, "\(request.intent)")
      #expect(records.first?["action"] as? String == request.intent && records.first?["student_id"] as? String == "s-1")
    }
  }

  @Test("10,000 mixed requests leave one record for each access, in the log and in the trail of each existing student")
  func everyAccess() async throws {
    let stand = Stand.production { $0.limitsRates = false }
    let students = (0..<40).map { "s-\($0)" } + ["other"]
    _ = await stand.deliver(students.map { Wrapped.exercise("e-\($0)", of: $0) })
    let random = SeededGenerator(seed: 11)
    var expected: [String: (student: String, kind: Int)] = [:]
    for number in 0..<10_000 {
      let index = random.draw(0..<Self.kinds.count)
      let kind = Self.kinds[index]
      let student = students[random.draw(0..<40)]
      let token = kind.role == "stranger" ? "x" : try Bearer.token(kind.role == "student" ? student : "u-\(number % 9)", kind.role)
      let response = await stand.ask(
        kind.method, kind.path.replacing("@", with: student), kind.body.replacing("@", with: student),
        [Bearer.header(token), HTTPField("X-Correlation-ID", "c-\(number)")])
      #expect(response.status == kind.status, "\(kind.path) \(kind.body) \(response.text)")
      if kind.isAccess {
        let named = ["other", "nobody"].first { kind.body.contains($0) }
        expected["c-\(number)"] = (named ?? student, index)
      }
      if random.once(in: 50) { _ = await stand.service.audit.flush() }
      // Other tests need time too.
      await Task.yield()
    }
    #expect(await stand.service.audit.drain(within: 60_000) == 0)

    let logged = try Self.logged(stand)
    #expect(Set(logged.keys) == Set(expected.keys))
    #expect(logged.values.allSatisfy { $0.count == 1 })
    var kept: [String: [String]] = [:]
    for (id, access) in expected {
      let kind = Self.kinds[access.kind]
      #expect(logged[id]?.first?["student_id"] as? String == access.student && logged[id]?.first?["status"] as? Int == kind.status)
      #expect(logged[id]?.first?["outcome"] as? String == (kind.status == 403 ? "refused" : "allowed"))
      if kind.isKept { kept[access.student, default: []].append(id) }
    }
    for student in students {
      let trail = try await Self.trail(of: student, at: stand)
      #expect(trail.compactMap { $0["correlation_id"] as? String }.sorted() == kept[student, default: []].sorted())
      #expect(Set(trail.compactMap { $0["id"] as? String }).count == trail.count)
    }
    #expect(stand.sidecar.stored("student:nobody:audit") == nil)
    for key in stand.sidecar.keys where key.contains(":audit") {
      let text = String(decoding: try #require(stand.sidecar.stored(key)).value, as: UTF8.self)
      #expect(text.utf8.count < 256 << 10 && !text.contains("eyJ") && !text.contains("mastery_score"))
      #expect(stand.sidecar.stored(key)?.secondsToLive == 90 * 86_400)
    }
  }

  @Test("A request that the limit refuses stays out of the trail, so that nobody can make it grow faster")
  func limited() async throws {
    let stand = Stand.production()
    _ = await stand.deliver([Wrapped.exercise("e-1")])
    let token = Bearer.header(try Bearer.token("s-1", "student"))
    for _ in 0..<200 { _ = await stand.ask("POST", "/mastery/query", #"{"student_id":"s-1"}"#, [token]) }
    #expect(await stand.service.audit.drain(within: 1_000) == 0)
    #expect(try Self.logged(stand).values.joined().count == 200)
    #expect(try await Self.trail(of: "s-1", at: stand).count == 50)
  }

  @Test(
    "Access records are gathered for a second before they are written, and many of them only until the next look",
    arguments: [(10, 1_000), (5_000, 250)])
  func gathers(_ count: Int, _ milliseconds: Int64) async throws {
    let stand = Stand.production()
    _ = await stand.deliver([Wrapped.exercise("e-1")])
    for number in 0..<count { stand.service.audit.record(try Self.record("r-\(number)", of: "s-1")) }
    let written = Mutex<Timestamp?>(nil)
    let clock = stand.clock
    let began = clock.now
    stand.sidecar.play { call in
      if call.isSave { written.withLock { $0 = $0 ?? clock.now } }
      return .done
    }
    let keeping = Task { await stand.service.keepTrails() }
    while written.withLock({ $0 }) == nil { await Task.yield() }
    keeping.cancel()
    await keeping.value
    #expect(written.withLock { $0 } == began.adding(milliseconds: milliseconds))
  }

  @Test("Access records wait in memory while the store is away, and further requests are refused rather than forgotten")
  func outage() async throws {
    let stand = Stand.production { $0.limitsRates = false }
    _ = await stand.deliver((0..<20).map { Wrapped.exercise("e-\($0)", of: "s-\($0)") })
    let token = Bearer.header(try Bearer.token("s-1", "student"))
    stand.sidecar.always(.failed(.timedOut)) { _ in true }
    for number in 0..<AuditQueue.limit { stand.service.audit.record(try Self.record("r-\(number)", of: "s-\(number % 20)")) }
    #expect(await !stand.service.audit.flush())
    let refused = await stand.ask("POST", "/mastery/query", #"{"student_id":"s-1"}"#, [token])
    #expect(refused.status == 503 && refused.header("Retry-After") != nil)
    #expect(await stand.ask("GET", "/health").status == 200)
    // A request in flight when it fills up is still put on record.
    stand.service.audit.record(try Self.record("r-last", of: "s-7"))
    #expect(await stand.service.audit.drain(within: 1_000) == AuditQueue.limit + 1)
    stand.sidecar.recover()
    #expect(await stand.service.audit.drain(within: 60_000) == 0)
    #expect(stand.lines.all.count { $0.contains(#""correlation_id":"r-"#) } == AuditQueue.limit + 1)
    for student in [0, 7] {
      #expect(try await Self.trail(of: "s-\(student)", at: stand).count == AuditQueue.limit / 20 + (student == 7 ? 1 : 0))
    }
  }

  @Test("The audit trail is complete and without repetition, whatever the store does to two replicas", arguments: 0..<12)
  func faults(_ seed: UInt64) async throws {
    let random = SeededGenerator(seed: seed)
    let sidecar = SimulatedSidecar(store: SimulatedStore(random.once(in: 2) ? .memory : .redis))
    let stands = (0..<2).map { Stand.production(sidecar: sidecar, seed: seed * 2 + $0) { $0.limitsRates = false } }
    _ = await stands[0].deliver((0..<3).map { Wrapped.exercise("e-\($0)", of: "s-\($0)") })
    sidecar.play { call in
      await Task.yield()
      // A healthy sidecar that breaks the connection for one key, again and again, cannot read it; this one is unhealthy.
      if case .other("isReady") = call { return .failed(.timedOut) }
      return random.once(in: 8) ? (random.once(in: 2) ? .failed(.timedOut) : .answerLost(.broken("reset"))) : .done
    }
    await withTaskGroup(of: Void.self) { group in
      for (replica, stand) in stands.enumerated() {
        group.addTask {
          for number in 0..<300 {
            guard let record = try? Self.record("r-\(replica)-\(number)", of: "s-\(number % 3)", bytes: 300) else { return }
            stand.service.audit.record(record)
            if number % 20 == 0 { _ = await stand.service.audit.flush() }
          }
          while await stand.service.audit.drain(within: 1_000) > 0 {}
        }
      }
    }
    sidecar.recover()
    var ids: [String] = []
    for student in 0..<3 {
      let trail = try await Self.trail(of: "s-\(student)", at: stands[0], page: 37)
      ids += trail.compactMap { $0["correlation_id"] as? String }
    }
    let isEach = ids.sorted() == (0..<2).flatMap { replica in (0..<300).map { "r-\(replica)-\($0)" } }.sorted()
    #expect(isEach, "\(ids.count) records, \(Set(ids).count) different")
  }

  @Test("An access record that the store refuses keeps no other waiting")
  func refusedByTheStore() async throws {
    let stand = Stand.production()
    _ = await stand.deliver([Wrapped.exercise("e-1"), Wrapped.exercise("e-2", of: "s-2")])
    stand.sidecar.play { call in
      guard case .save(let items) = call, items.contains(where: { $0.key == "student:s-1:audit" }) else { return .done }
      return .failed(.refused(status: 400, code: "ERR", message: "too large"))
    }
    for student in ["s-1", "s-2"] { stand.service.audit.record(try Self.record("r-\(student)", of: student)) }
    #expect(await stand.service.audit.drain(within: 1_000) == 0)
    #expect(stand.sidecar.stored("student:s-2:audit") != nil)
    #expect(stand.lines.all.contains { $0.contains("cannot be written") && $0.contains("student:s-1:audit") })
  }

  static func record(_ correlationID: String, of student: String, bytes: Int = 10) throws -> AuditRecord {
    AuditRecord(
      id: "id-\(correlationID)", at: Stand.noonTime, userID: String(repeating: "u", count: bytes), userRole: "admin",
      student: try Stand.key(student), action: "mastery_query", outcome: .allowed, status: 200, correlationID: correlationID)
  }
}
