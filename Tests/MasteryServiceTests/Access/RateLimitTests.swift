import HTTPServer
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("Rate limits", .serialized)
struct RateLimitTests {
  private static let query = #"{"student_id":"s-1"}"#
  private static let calculation = #"{"components":{"quiz":1}}"#

  private func ask(_ stand: Stand, _ token: String, _ body: String = calculation, _ path: String = "/mastery/calculate") async
    -> HTTPResponse
  {
    await stand.ask("POST", path, body, [Bearer.header(token)])
  }

  @Test(
    "The rate limit grows with the role, and services have none unless one is set",
    arguments: [("student", 30), ("teacher", 120), ("admin", 300)])
  func roles(_ role: String, _ limit: Int) async throws {
    let stand = Stand.production()
    let token = try Bearer.token("x", role)
    for used in 1...limit {
      let response = await ask(stand, token)
      #expect(response.status == 200)
      #expect(response.header("X-RateLimit-Limit") == "\(limit)" && response.header("X-RateLimit-Used") == "\(used)")
      #expect(response.header("X-RateLimit-Remaining") == "\(limit - used)")
      #expect(response.header("X-RateLimit-Reset") == "\(Stand.noon / 1_000 + 60)")
    }
    #expect(await ask(stand, token).status == 429)
    #expect(await ask(stand, try Bearer.token("y", role)).status == 200)
  }

  @Test("The rate limit of a service is the set factor times the base limit", arguments: [(nil, nil), (1, 30), (7, 210)] as [(Int?, Int?)])
  func services(_ factor: Int?, _ limit: Int?) async throws {
    let stand = Stand.production { $0.serviceRateFactor = factor }
    let token = try Bearer.token("x", "service")
    for _ in 0..<(limit ?? 400) { #expect(await ask(stand, token).status == 200) }
    let last = await ask(stand, token)
    #expect(last.status == (limit == nil ? 200 : 429))
    #expect(last.header("X-RateLimit-Limit") == limit.map { "\($0)" })
  }

  @Test("A request over the rate limit is refused with the limit, which is over when the minute is")
  func refused() async throws {
    let stand = Stand.production()
    let token = try Bearer.token("x", "student")
    for _ in 0..<29 { _ = await ask(stand, token) }
    stand.clock.step(20_500)
    #expect(await ask(stand, token).status == 200)
    let response = await ask(stand, token)
    #expect(response.status == 429 && response.header("Retry-After") == "40")
    #expect(response.header("X-RateLimit-Remaining") == "0" && response.header("X-RateLimit-Used") == "30")
    let error = try #require(try ReadJSON.object(response.body)["error"] as? [String: Any])
    #expect(error["code"] as? String == "RATE_LIMITED")
    #expect(try ReadJSON.canonical(try #require(error["details"])) == #"{"limit":30,"retry_after":40,"window":60}"#)
    stand.clock.step(39_499)
    #expect(await ask(stand, token).header("Retry-After") == "1")
    stand.clock.step(1)
    let next = await ask(stand, token)
    #expect(next.status == 200 && next.header("X-RateLimit-Used") == "1")
  }

  @Test("The rate limit counts per subject and intent, whatever the path, school or role")
  func doors() async throws {
    let stand = Stand.production()
    let token = try Bearer.token("x", "admin", school: "*")
    let process = #"{"intent":"mastery_calculation","payload":\#(Self.calculation),"security_context":{"token":"\#(token)"}}"#
    for used in stride(from: 1, to: 100, by: 4) {
      let north = HTTPField("X-School-ID", "north-\(used)")
      for (step, path) in ["/mastery/calculate", "/api/v1/mastery/calculate", "/process", "/api/v1/process"].enumerated() {
        let body = path.hasSuffix("process") ? process : Self.calculation
        let response = await stand.ask("POST", path, body, [Bearer.header(token), north])
        #expect(response.header("X-RateLimit-Used") == "\(used + step)")
      }
    }
    // Without components it is a query, whichever path was used.
    let asked = #"{"intent":"mastery_calculation","payload":\#(Self.query)}"#
    let response = await stand.ask("POST", "/process", asked, [Bearer.header(token), HTTPField("X-School-ID", "north")])
    #expect(response.header("X-RateLimit-Used") == "1" && response.header("X-RateLimit-Limit") == "500")
    // The same name in another school is another subject; another role is not.
    #expect(await ask(stand, try Bearer.token("x", "student")).header("X-RateLimit-Used") == "1")
    #expect(await ask(stand, try Bearer.token("x", "teacher")).header("X-RateLimit-Used") == "2")
  }

  @Test("The rate limit counts wrong and forbidden requests too, but no invalid token")
  func counted() async throws {
    let stand = Stand.production()
    let token = try Bearer.token("s-1", "student")
    for (used, body, status) in [(1, "{", 400), (2, #"{"student_id":"s-2"}"#, 403), (3, Self.query, 404), (4, "{}", 400)] {
      let response = await ask(stand, token, body, "/mastery/query")
      #expect(response.status == status && response.header("X-RateLimit-Used") == "\(used)")
    }
    let stranger = await ask(stand, token + "x", Self.query, "/mastery/query")
    #expect(stranger.status == 401 && stranger.header("X-RateLimit-Used") == nil)
    #expect(await ask(stand, token, Self.query, "/mastery/query").header("X-RateLimit-Used") == "5")
  }

  @Test("Requests are unlimited if rate limits are off")
  func off() async throws {
    let stand = Stand.production { $0.limitsRates = false }
    let token = try Bearer.token("x", "student")
    for _ in 0..<200 {
      let response = await ask(stand, token)
      #expect(response.status == 200 && response.header("X-RateLimit-Limit") == nil)
    }
  }

  @Test("The rate limits match a list of all requests, for random requests", arguments: 1...20)
  func naive(_ seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    let limits = RateLimits(serviceFactor: nil)
    let intents = IntentTable.standard.declarations
    var came: [String: [(at: Int64, began: Int64)]] = [:]
    var now = Stand.noon
    var differing = 0
    for _ in 0..<4_000 {
      now += Int64.random(in: 0...400, using: &random)
      let subject = "s-\(Int.random(in: 0..<12, using: &random))"
      let intent = intents[Int.random(in: 0..<intents.count, using: &random)]
      let (role, factor) = [(Caller.Role.student, 1), (.teacher, 4), (.admin, 10)][Int.random(in: 0..<3, using: &random)]
      let limit = intent.perMinute * factor
      let caller = Caller(role: role, subject: subject, school: nil)
      let allowance = limits.take(caller, asking: intent.name, perMinute: intent.perMinute, now: Timestamp(milliseconds: now))
      // The naive way keeps every request with its window.
      var list = came["\(subject) \(intent.name)"] ?? []
      let began = list.last.map { now - $0.began < 60_000 ? $0.began : now } ?? now
      let used = list.count { $0.began == began }
      if used < limit { list.append((now, began)) }
      came["\(subject) \(intent.name)"] = list
      let expected = RateTable.Standing(used: used < limit ? used + 1 : used, isGranted: used < limit, ends: began + 60_000)
      if allowance?.standing != expected { differing += 1 }
    }
    #expect(differing == 0)
  }

  @Test("Two subjects that differ only in their normalization form have limits and polls of their own")
  func normalization() throws {
    let limits = RateLimits(serviceFactor: nil)
    let polled = PolledResults()
    let (now, key) = (Timestamp(milliseconds: Stand.noon), try Stand.key("s-1"))
    for subject in ["jos\u{e9}", "jose\u{301}"] {
      let caller = Caller(role: .student, subject: subject, school: nil)
      #expect(limits.take(caller, asking: "mastery_query", perMinute: 50, now: now)?.standing.used == 1)
      #expect(polled.isFirst(of: caller, "b-1", key, now: now))
      #expect(!polled.isFirst(of: caller, "b-1", key, now: now))
    }
  }

  @Test("The rate limits take the same memory for a million subjects as for none, and still know the busiest ones")
  func million() {
    let limits = RateLimits(serviceFactor: nil)
    let bytes = limits.bytes
    #expect(bytes <= 2 << 20)
    let now = Timestamp(milliseconds: Stand.noon)
    func isGranted(_ caller: Caller) -> Bool? {
      limits.take(caller, asking: "mastery_query", perMinute: 50, now: now)?.standing.isGranted
    }
    let busy = (0..<20).map { Caller(role: .student, subject: "busy-\($0)", school: nil) }
    for caller in busy { for _ in 0..<50 { _ = isGranted(caller) } }
    for number in 0..<1_000_000 where isGranted(Caller(role: .student, subject: "s-\(number)", school: nil)) != true {
      Issue.record("stranger \(number) is refused")
      return
    }
    #expect(limits.bytes == bytes)
    for caller in busy { #expect(isGranted(caller) == false) }
  }

  @Test("The rate limits survive a clock that is set back")
  func clockBack() {
    var table = RateTable(capacity: 8, window: 60_000)
    #expect(table.take(7, limit: 1, now: 1_000_000).isGranted)
    #expect(!table.take(7, limit: 1, now: 1_059_999).isGranted)
    #expect(table.take(7, limit: 1, now: 10).isGranted)
    #expect(!table.take(7, limit: 1, now: 60_009).isGranted)
    #expect(table.take(7, limit: 1, now: 60_010).isGranted)
  }

  @Test("A request that is judged after a later one begins no new window")
  func outOfOrder() {
    var table = RateTable(capacity: 8, window: 60_000)
    #expect(table.take(7, limit: 1, now: 1_000_000).isGranted)
    #expect(!table.take(7, limit: 1, now: 999_999).isGranted)
    #expect(!table.take(7, limit: 1, now: 940_000).isGranted)
    #expect(!table.take(7, limit: 1, now: 1_059_999).isGranted)
    #expect(table.take(7, limit: 1, now: 1_060_000).isGranted)
  }

  @Test("A full rate table forgets first the subjects that ask least, and windows that are over")
  func eviction() {
    var table = RateTable(capacity: 8, window: 100)
    for key in 1...8 { for _ in 0..<key { _ = table.take(UInt64(key), limit: 99, now: 0) } }
    #expect(table.take(9, limit: 99, now: 1).used == 1)
    #expect(table.take(8, limit: 99, now: 1).used == 9)
    #expect(table.take(2, limit: 99, now: 1).used == 3)
    // Key 1 made room for 9; now 9, with one request, makes room for 1.
    #expect(table.take(1, limit: 99, now: 1).used == 1)
    #expect(table.take(9, limit: 99, now: 1).used == 1)
    #expect(table.take(8, limit: 99, now: 100).used == 1)
    #expect(table.take(20, limit: 99, now: 100).used == 1)
    #expect(table.take(9, limit: 99, now: 100).used == 2)
  }
}
