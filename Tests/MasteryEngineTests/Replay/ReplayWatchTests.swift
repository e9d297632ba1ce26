import HTTPClient
import MasteryService
import Synchronization
import Testing

@testable import Commands

@Suite("What a replay reads from broker and engine")
struct ReplayWatchTests {
  private let clock = SteppedClock("2026-11-21T10:00:00Z")

  /// Requests and their answers, by address.
  private final class World: Sendable {
    private let answers: Mutex<[String: (status: Int, body: String)]>
    private let questions = Mutex<[HTTPCall]>([])

    init(_ answers: [String: (status: Int, body: String)]) { self.answers = Mutex(answers) }

    var asked: [HTTPCall] { questions.withLock { $0 } }
    func set(_ url: String, _ body: String?, status: Int = 200) { answers.withLock { $0[url] = body.map { (status, $0) } } }

    func answer(_ call: HTTPCall) -> (status: Int, body: [UInt8])? {
      questions.withLock { $0.append(call) }
      return answers.withLock { $0[call.url] }.map { ($0.status, Array($0.body.utf8)) }
    }
  }

  private func watch(_ world: World, engines: [String] = []) -> ReplayWatch {
    ReplayWatch(
      .init(sidecar: "http://s", apiToken: "t", appID: "engine", engines: engines), runtime: clock.runtime, ask: { world.answer($0) })
  }

  private static let metadata = "http://s/v1.0/metadata"
  private static func metrics(_ folded: Int, started: Int, refused: Int = 0, retried: Int = 0) -> String {
    """
    mastery_events_total{outcome="folded",type="quiz"} \(folded)
    mastery_events_total{outcome="refused",type="quiz"} \(refused)
    mastery_events_total{outcome="retried",type="quiz"} \(retried)
    mastery_events_refused_total{reason="malformed"} \(refused)
    process_start_time_seconds \(started)
    """
  }

  @Test("The sidecar's counters decide, whatever the engine counts, and new dead letters are a replay's refused events")
  func broker() async {
    let world = World([
      Self.metadata: (200, #"{"extended":{"learning.quiz.undelivered":"5","mastery.dlq.published":"7"}}"#),
      "http://s/v1.0/invoke/engine/method/metrics": (200, Self.metrics(100, started: 1, refused: 7)),
    ])
    let watch = watch(world)
    await watch.begin()
    let first = await watch.look(published: 10)
    #expect(first.left == 5 && first.isSure && first.refused == 0)
    world.set(Self.metadata, #"{"extended":{"learning.quiz.undelivered":"0","mastery.dlq.published":"9"}}"#)
    world.set("http://s/v1.0/invoke/engine/method/metrics", Self.metrics(3, started: 99, refused: 2))
    let last = await watch.ending(published: 10)
    #expect(last.left == 0 && last.isSure && last.refused == 2)
    #expect(world.asked.allSatisfy { $0.headers.contains { $0.name == "dapr-api-token" && $0.value == "t" } })
  }

  @Test("A sidecar that is away for a while does not make the engine's counters decide")
  func brokerAway() async {
    let world = World([
      Self.metadata: (200, #"{"extended":{"learning.quiz.undelivered":"5"}}"#),
      "http://s/v1.0/invoke/engine/method/metrics": (200, Self.metrics(100, started: 1)),
    ])
    let watch = watch(world)
    await watch.begin()
    world.set(Self.metadata, nil)
    #expect(await watch.look(published: 0).left == nil)
    world.set(Self.metadata, #"{"extended":{"learning.quiz.undelivered":"4"}}"#)
    #expect(await watch.look(published: 0).left == 4)
  }

  @Test("Without the sidecar's counters a replay asks all replicas at their own addresses, without the sidecar's token")
  func replicas() async {
    let world = World([
      Self.metadata: (200, #"{"id":"engine","extended":{"daprRuntimeVersion":"1.18.3"}}"#),
      "http://a/metrics": (200, Self.metrics(100, started: 1)), "http://b/metrics": (200, Self.metrics(50, started: 2)),
    ])
    let watch = watch(world, engines: ["http://a", "http://b"])
    await watch.begin()
    world.set("http://a/metrics", Self.metrics(160, started: 1, retried: 4))
    world.set("http://b/metrics", Self.metrics(80, started: 2, refused: 3))
    let look = await watch.look(published: 100)
    #expect(look.left == 100 - 60 - 33 && look.isSure && look.refused == 3 && look.reasons == ["malformed": 3] && look.retried == 4)
    #expect(world.asked.filter { $0.url.hasSuffix("/metrics") }.allSatisfy { $0.headers.isEmpty })
    // The real sidecar counts nothing, and is not asked again.
    #expect(world.asked.count { $0.url == Self.metadata } == 1)
  }

  @Test("A replay knows nothing about its progress if nobody answers")
  func silent() async {
    let world = World([:])
    let watch = watch(world)
    await watch.begin()
    let look = await watch.look(published: 10)
    #expect(look.left == nil && look.refused == nil)
  }

  @Test("The replay looks at most four times a second, and keeps its last look meanwhile")
  func pace() async {
    let world = World(["http://a/metrics": (200, Self.metrics(0, started: 1))])
    let watch = watch(world, engines: ["http://a"])
    await watch.begin()
    for number in 0..<10 { _ = await watch.look(published: number) }
    #expect(clock.pauses == [Int](repeating: 250, count: 10))
    #expect(await watch.recent()?.published == 9)
    await clock.runtime.sleep(milliseconds: 250)
    #expect(await watch.recent() == nil)
  }

  @Test("The replicas report what holds the engine up, each by its address")
  func hindrances() async {
    let world = World([
      "http://a/ready": (503, #"{"status":"not_ready","reasons":["the state store does not answer"]}"#),
      "http://b/ready": (200, #"{"status":"ready"}"#), "http://d/ready": (502, "bad gateway"),
    ])
    let watch = watch(world, engines: ["http://a", "http://b", "http://c", "http://d"])
    #expect(
      await watch.hindrances() == [
        "http://a: the state store does not answer", "http://c does not answer", "http://d answers 502",
      ])
  }

  @Test("The sidecar's own words say what holds the engine up if it is asked through the sidecar")
  func hindrancesThroughSidecar() async {
    let world = World([
      "http://s/v1.0/invoke/engine/method/ready": (500, #"{"errorCode":"ERR_DIRECT_INVOKE","message":"app is not in a healthy state"}"#)
    ])
    #expect(await watch(world).hindrances() == ["http://s: app is not in a healthy state"])
  }
}
