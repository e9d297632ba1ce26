import HTTPServer
import Simulation
import Testing

@testable import MasteryService

@Suite("The stand-in before the service is there")
struct StartingServiceTests {
  private let starting = StartingService(runtime: Runtime(now: { Stand.noonTime }, sleep: { _ in }, random: { 7 }))

  private func ask(_ method: String, _ target: String, _ fields: [HTTPField] = []) async -> HTTPResponse {
    let head = HTTPRequestHead(method: method, target: target, fields: fields)
    switch starting.admit(head) {
    case .refuse(let response): return response
    case .accept: return await starting.answer(HTTPRequest(head: head))
    }
  }

  @Test("The process is alive before the service is there", arguments: ["/health", "/healthz", "/api/v1/healthz"])
  func alive(_ path: String) async {
    let response = await ask("GET", path)
    #expect(response.status == 200 && response.text.contains("ok"))
    #expect(response.header("X-Correlation-ID")?.isEmpty == false && response.header("Cache-Control") == "no-store")
  }

  @Test("The process is not ready before the service is there", arguments: ["/ready", "/ready?scope=process"])
  func notReady(_ target: String) async {
    let response = await ask("GET", target)
    #expect(response.status == 503 && response.text.contains("not_ready"))
  }

  @Test(
    "Every other request is refused with 503 and the envelope before the service is there",
    arguments: [
      ("POST", "/mastery/query"), ("POST", "/process"), ("POST", "/events/learning.quiz"), ("GET", "/metrics"), ("GET", "/"),
      ("POST", "/healthz"), ("GET", "/nothing"),
    ])
  func refused(_ method: String, _ target: String) async throws {
    let response = await ask(method, target, [HTTPField("X-Correlation-ID", "c-1")])
    #expect(response.status == 503 && response.header("Retry-After") != nil && response.header("X-Correlation-ID") == "c-1")
    let root = try ReadJSON.object(response.body)
    #expect(root["success"] as? Bool == false && (root["error"] as? [String: Any])?["code"] as? String == "SERVICE_UNAVAILABLE")
  }

  @Test("A request of the sidecar waits for the service, which then checks its token")
  func waiting() async {
    async let right = ask("GET", "/dapr/subscribe", [HTTPField("dapr-api-token", "right")])
    async let wrong = ask("GET", "/dapr/subscribe", [HTTPField("dapr-api-token", "wrong")])
    async let configuration = ask("GET", "/dapr/config", [HTTPField("dapr-api-token", "right")])
    // However late it comes, the three are on their way or wait.
    for _ in 0..<100 { await Task.yield() }
    starting.become(Stand { $0.appToken = "right" }.service)
    let (first, second, third) = await (right, wrong, configuration)
    #expect(first.status == 200 && first.text.contains("learning.quiz"))
    #expect(second.status == 401)
    #expect(third.status == 200)
    #expect(await ask("GET", "/").status == 200)
    #expect(await ask("GET", "/healthz").status == 200)
    // The service accepts deliveries of any size.
    #expect(starting.bodyReader(for: HTTPRequestHead(method: "POST", target: "/events/learning.quiz")) != nil)
    #expect(starting.bodyReader(for: HTTPRequestHead(method: "POST", target: "/process")) == nil)
  }

  @Test("Waiting requests are refused if no service comes")
  func ended() async {
    async let asked = ask("GET", "/dapr/subscribe")
    for _ in 0..<100 { await Task.yield() }
    starting.end()
    #expect(await asked.status == 503)
    #expect(await ask("GET", "/dapr/subscribe").status == 503)
  }

  @Test("Only what a sidecar asks waits, and strangers who ask the same take no slot from the sidecar")
  func crowd() async {
    for path in ["/dapr/x", "/dapr/subscribe/x", "/dapr"] { #expect(await ask("GET", path).status == 503) }
    await withTaskGroup(of: Int.self) { group in
      for _ in 0..<1_000 { group.addTask { await ask("GET", "/dapr/subscribe").status } }
      for _ in 0..<100 { await Task.yield() }
      group.addTask { await ask("GET", "/dapr/subscribe", [HTTPField("dapr-api-token", "right")]).status }
      for _ in 0..<100 { await Task.yield() }
      starting.become(Stand { $0.appToken = "right" }.service)
      let statuses = await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
      #expect(statuses == [401: 1_000, 200: 1])
    }
  }

  @Test("The sidecar is known by its token once the service is there, and nobody is before")
  func neighbour() {
    let (right, wrong) = (
      HTTPRequestHead(method: "GET", target: "/", fields: [HTTPField("dapr-api-token", "right")]),
      HTTPRequestHead(method: "GET", target: "/", fields: [HTTPField("dapr-api-token", "wrong")])
    )
    #expect(!starting.isNeighbour(right))
    starting.become(Stand { $0.appToken = "right" }.service)
    #expect(starting.isNeighbour(right) && !starting.isNeighbour(wrong))
  }

  @Test("A final slash makes no difference before the service is there either", arguments: ["/health/", "/api/v1/health/", "/healthz/"])
  func slash(path: String) async {
    #expect(await ask("GET", path).status == 200)
  }
}
