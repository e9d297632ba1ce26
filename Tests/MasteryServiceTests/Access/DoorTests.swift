import DaprClient
import HTTPServer
import Simulation
import Synchronization
import Testing

@testable import MasteryService

@Suite("Refusals before any work")
struct DoorTests {
  private static let query = #"{"student_id":"s-1"}"#
  private static let origin = HTTPField("Origin", "https://app.example")

  // MARK: The sidecar's token

  private static let sidecarPaths = [
    ("POST", "/events/learning.quiz"), ("POST", "/events/mastery.retry"), ("GET", "/dapr/subscribe"), ("GET", "/dapr/config"),
  ]

  @Test("Paths for the sidecar require its token, whole and exactly once", arguments: sidecarPaths)
  func sidecarToken(_ method: String, _ path: String) async {
    let stand = Stand.production { $0.appToken = "the sidecar's token" }
    func status(_ tokens: String...) async -> Int {
      await stand.ask(method, path, method == "GET" ? "" : #"{"entries":[]}"#, tokens.map { HTTPField("dapr-api-token", $0) }).status
    }
    #expect(await status("the sidecar's token") == 200)
    for tokens in ["", "x", "the sidecar's toke", "the sidecar's tokenn", "The sidecar's token", "the sidecar's token\0"] {
      #expect(await status(tokens) == 401)
    }
    #expect(await status() == 401)
    #expect(await status("the sidecar's token", "the sidecar's token") == 401)
    #expect(await stand.ask(method, path, "", [HTTPField("Authorization", "Bearer the sidecar's token")]).status == 401)
    // Not only before the body is read.
    let head = HTTPRequestHead(method: method, target: path)
    #expect(await stand.service.answer(HTTPRequest(head: head)).status == 401)
    #expect(stand.sidecar.calls.isEmpty)
  }

  @Test("The sidecar's token opens nothing else, since invoked calls carry it too")
  func sidecarTokenElsewhere() async throws {
    let stand = Stand.production { $0.appToken = "app" }
    let token = HTTPField("dapr-api-token", "app")
    let process = #"{"intent":"mastery_query","payload":\#(Self.query)}"#
    #expect(await stand.ask("POST", "/process", process, [token]).status == 401)
    #expect(await stand.ask("POST", "/mastery/query", Self.query, [token]).status == 401)
    let bearer = Bearer.header(try Bearer.token("s-1", "student"))
    #expect(await stand.ask("POST", "/process", process, [token, bearer]).status == 404)
    for path in ["/health", "/healthz", "/metrics", "/", "/ready?scope=process"] {
      #expect([200, 503].contains(await stand.ask("GET", path).status))
    }
  }

  @Test(
    "A call that another app invokes is never a delivery, whatever it calls itself, even with the sidecar's token", arguments: sidecarPaths,
    [["dev-app"], [""], ["mastery-engine", "dev-app"], ["dev-app", "mastery-engine"]])
  func invoked(_ path: (method: String, path: String), _ callers: [String]) async {
    let stand = Stand.production { $0.appToken = "app" }
    let fields = [HTTPField("dapr-api-token", "app")] + callers.map { HTTPField("Dapr-Caller-App-Id", $0) }
    let body = path.method == "GET" ? "" : Wrapped.bulk([("a", Wrapped.exercise("e-1"))])
    let answer = await stand.ask(path.method, path.path, body, fields)
    #expect(answer.status == 403 && answer.text.contains("FORBIDDEN"))
    // Not only before the body is read.
    let head = HTTPRequestHead(method: path.method, target: path.path, fields: fields)
    #expect(await stand.service.answer(HTTPRequest(head: head, body: Array(body.utf8))).status == 403)
    #expect(stand.sidecar.calls.isEmpty)
    let warning = stand.lines.all.first { $0.contains("\"warning\"") && $0.contains(path.path) }
    #expect(warning?.contains(#""caller":"\#(callers.joined(separator: ", "))""#) == true)
  }

  @Test("Other apps may invoke the paths that are open to them")
  func invokedElsewhere() async throws {
    let stand = Stand.production()
    let fields = [HTTPField("Dapr-Caller-App-Id", "dev-app"), Bearer.header(try Bearer.token("s-1", "student"))]
    let process = #"{"intent":"mastery_query","payload":\#(Self.query)}"#
    #expect(await stand.ask("POST", "/process", process, fields).status == 404)
    #expect(await stand.ask("GET", "/health", "", fields).status == 200)
  }

  @Test(
    "A header that may appear once is refused if it appears twice, even with the same value",
    arguments: ["X-School-ID", "Idempotency-Key"])
  func saidTwice(_ name: String) async throws {
    let stand = Stand.production()
    let token = Bearer.header(try Bearer.token("a", "admin", school: "*"))
    let body = #"{"event_type":"quiz","student_id":"s-1","data":{"total_questions":2,"correct_answers":1}}"#
    let own = [token] + (name == "X-School-ID" ? [] : [HTTPField("X-School-ID", "north")])
    #expect(await stand.ask("POST", "/mastery/ingest", body, own + [HTTPField(name, "north")]).status == 202)
    let calls = stand.sidecar.calls.count
    for other in ["north", "south"] {
      let answer = await stand.ask("POST", "/mastery/ingest", body, own + [HTTPField(name, "north"), HTTPField(name, other)])
      #expect(answer.status == 400 && answer.text.contains(name) && answer.text.contains("once"))
    }
    #expect(stand.sidecar.calls.count == calls)
  }

  // MARK: Load

  @Test("Requests over the concurrency limit are refused before work begins; deliveries and operators' requests are not")
  func shedding() async throws {
    let stand = Stand.production { $0.concurrentRequests = 2 }
    let fields = [Bearer.header(try Bearer.token("a", "service"))]
    let waiting = Mutex<[CheckedContinuation<Void, Never>]>([])
    stand.sidecar.play { call in
      if case .load(let keys) = call, keys.contains(where: { $0.contains("s-1") }) {
        await withCheckedContinuation { continuation in waiting.withLock { $0.append(continuation) } }
      }
      return .done
    }
    async let first = stand.ask("POST", "/mastery/query", Self.query, fields)
    async let second = stand.ask("POST", "/process", #"{"intent":"mastery_query","payload":\#(Self.query)}"#, fields)
    while waiting.withLock({ $0.count }) < 2 { await Task.yield() }

    let calls = stand.sidecar.calls.count
    for path in ["/mastery/query", "/process", "/mastery/calculate"] {
      let refused = await stand.ask("POST", path, Self.query, fields)
      #expect(refused.status == 503 && refused.header("Retry-After") != nil && refused.text.contains("SERVICE_UNAVAILABLE"))
      // Nor if the head came before the others' work began.
      let head = HTTPRequestHead(method: "POST", target: path, fields: fields)
      #expect(await stand.service.answer(HTTPRequest(head: head, body: Array(Self.query.utf8))).status == 503)
    }
    #expect(stand.sidecar.calls.count == calls)
    #expect(await stand.ask("GET", "/health").status == 200)
    #expect(await stand.deliver([Wrapped.exercise("e-1", of: "s-2")]) == ["0": "SUCCESS"])

    for continuation in waiting.withLock({ $0 }) { continuation.resume() }
    #expect(await [first.status, second.status] == [404, 404])
    stand.sidecar.recover()
    #expect(await stand.ask("POST", "/mastery/query", Self.query, fields).status == 404)
  }

  // MARK: Other origins

  private func stand(_ configure: (inout Configuration) -> Void = { _ in }) -> Stand {
    Stand.production {
      $0.allowedOrigins = ["http://localhost:3000", "https://app.example"]
      configure(&$0)
    }
  }

  @Test("A page of an allowed origin may preflight its request", arguments: ["/mastery/query", "/api/v1/mastery/ingest", "/process"])
  func preflight(_ path: String) async {
    let response = await stand().ask("OPTIONS", path, "", [Self.origin, HTTPField("Access-Control-Request-Method", "POST")])
    #expect(response.status == 204 && response.body.isEmpty)
    #expect(response.header("Access-Control-Allow-Origin") == "https://app.example" && response.header("Vary") == "Origin")
    #expect(response.header("Access-Control-Allow-Methods") == "POST" && response.header("Access-Control-Max-Age") == "600")
    for name in ["Authorization", "Content-Type", "Idempotency-Key", "X-School-ID", "X-Correlation-ID"] {
      #expect(response.header("Access-Control-Allow-Headers")?.contains(name) == true)
    }
    #expect(response.header("Access-Control-Allow-Credentials") == nil)
  }

  @Test(
    "A preflight of another origin or path is refused",
    arguments: [
      ("/mastery/query", "https://app.example.evil"), ("/mastery/query", "http://app.example"), ("/mastery/query", "https://APP.example"),
      ("/mastery/query", "null"), ("/mastery/query", "https://app.example:443"), ("/events/learning.quiz", "https://app.example"),
      ("/dapr/subscribe", "https://app.example"),
    ])
  func noPreflight(_ path: String, _ origin: String) async {
    let asked = [HTTPField("Origin", origin), HTTPField("Access-Control-Request-Method", "POST")]
    let response = await stand().ask("OPTIONS", path, "", asked)
    #expect(response.status == 405 && response.header("Access-Control-Allow-Methods") == nil)
    let unset = await Stand.production().ask("OPTIONS", path, "", [Self.origin] + asked.dropFirst())
    #expect(unset.status == 405 && unset.header("Access-Control-Allow-Origin") == nil && unset.header("Vary") == nil)
  }

  // MARK: Headers

  private static let answers: [(name: String, method: String, path: String, body: String, fields: [HTTPField], status: Int)] = [
    ("an answer", "POST", "/mastery/calculate", #"{"components":{"quiz":1}}"#, [], 200),
    ("a field that is wrong", "POST", "/mastery/query", "{}", [], 400), ("no token", "POST", "/mastery/query", query, [], 401),
    ("somebody else", "POST", "/mastery/query", #"{"student_id":"s-2"}"#, [], 403), ("nothing", "POST", "/mastery/query", query, [], 404),
    ("no path", "GET", "/nothing", "", [], 404), ("a wrong method", "GET", "/mastery/query", "", [], 405),
    ("no JSON", "POST", "/mastery/query", "a", [HTTPField("Content-Type", "text/plain")], 415),
    ("health", "GET", "/health", "", [], 200), ("metrics", "GET", "/metrics", "", [], 200),
    ("not the sidecar", "GET", "/dapr/subscribe", "", [], 401),
  ]

  @Test("Every answer carries the contract's headers", arguments: answers.map(\.name), [true, false])
  func headers(_ name: String, _ isSecure: Bool) async throws {
    let each = try #require(Self.answers.first { $0.name == name })
    let stand = stand {
      $0.appToken = "app"
      if isSecure { $0.tls = Configuration.TLS(certificate: "c", privateKey: "k") }
    }
    let bearer = name == "no token" ? [] : [Bearer.header(try Bearer.token("s-1", "student"))]
    let response = await stand.ask(each.method, each.path, each.body, each.fields + bearer + [Self.origin])
    #expect(response.status == each.status)
    for (header, value) in [
      ("X-Correlation-ID", "corr-1"), ("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store"),
      ("Content-Security-Policy", "default-src 'none'"), ("Referrer-Policy", "no-referrer"), ("Vary", "Origin"),
      ("Access-Control-Allow-Origin", "https://app.example"),
    ] {
      #expect(response.fields.filter { $0.name == header }.map(\.value) == [value])
    }
    let secure = response.fields.filter { $0.name == "Strict-Transport-Security" }
    #expect(secure.map { $0.value.hasPrefix("max-age=31536000") } == (isSecure ? [true] : []))
    let isLimited = each.path.hasPrefix("/mastery") && ![401, 405, 415].contains(each.status)
    for header in ["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "X-RateLimit-Used"] {
      #expect(response.fields.filter { $0.name == header }.compactMap { Int($0.value) }.count == (isLimited ? 1 : 0))
    }
  }

  @Test("An origin that is not allowed gets no CORS header, so its browser withholds the answer")
  func foreignOrigin() async throws {
    let foreign = [HTTPField("Origin", "https://evil.example"), Bearer.header(try Bearer.token("s-1", "student"))]
    let response = await stand().ask("POST", "/mastery/calculate", #"{"components":{"quiz":1}}"#, foreign)
    #expect(response.status == 200 && response.header("Vary") == "Origin" && response.header("Access-Control-Allow-Origin") == nil)
  }
}
