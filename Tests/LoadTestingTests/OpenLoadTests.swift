import HTTPServer
import LoadTesting
import Synchronization
import Testing
import WireTesting

@Suite("Open load")
struct OpenLoadTests {
  private static let request = Array("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)

  /// What became of a plan's arrivals; the thread that sends them is none of those that answer.
  private static func outcomes(
    _ plan: OpenLoad.Plan, port: @escaping @Sendable (Int, Int) -> UInt16?
  ) async throws -> [CallOutcome] {
    let outcomes = await onThread {
      Result {
        var outcomes: [CallOutcome] = []
        try OpenLoad(plan, port: port) { _ in request }.run { outcomes.append($0) }
        return outcomes
      }
    }
    return try outcomes.get()
  }

  private static func plan(rate: Int, seconds: Int = 1, spacing: ArrivalSchedule.Spacing = .even) throws -> OpenLoad.Plan {
    OpenLoad.Plan(try #require(ArrivalSchedule(rate: rate, seconds: seconds, spacing: spacing)))
  }

  @Test("Each arrival is answered once, in any number of connections, and after it was due")
  func answered() async throws {
    let application = ScriptedApplication { _ in .text("well") }
    let server = try application.serve()
    let outcomes = try await Self.outcomes(Self.plan(rate: 500)) { _, _ in server.port }
    #expect(outcomes.map(\.index).sorted() == Array(0..<500) && application.requests.count == 500)
    #expect(outcomes.allSatisfy { $0.status == 200 && $0.due <= $0.sent && $0.sent <= $0.ended && $0.due == $0.index * 2_000 })
    await server.stop(within: .seconds(1))
  }

  @Test("Arrivals go on while nothing is answered, and each waits from when it was due: nothing is omitted")
  func stands() async throws {
    // Who comes in the first 400 ms is answered when they are over.
    let began = Mutex<ContinuousClock.Instant?>(nil)
    let application = ScriptedApplication { _ in
      let start = began.withLock { began in
        let start = began ?? .now
        began = start
        return start
      }
      try? await Task.sleep(until: start + .milliseconds(400))
      return .text("late")
    }
    let server = try application.serve()
    let outcomes = try await Self.outcomes(Self.plan(rate: 100)) { _, _ in server.port }
    #expect(outcomes.count == 100)
    // The first waited 400 ms, the one that was due after 200 ms for 200 ms, and so on; a closed loop would have seen one late answer.
    for outcome in outcomes where outcome.due < 380_000 { #expect(outcome.latency >= 395_000 - outcome.due) }
    var histogram = LatencyHistogram()
    for outcome in outcomes { histogram.record(outcome.latency) }
    // 40 of 100 came too early, a quarter of all waited for 150 ms or longer.
    #expect(histogram.value(at: Percentile(75_001)) >= 145_000)
    await server.stop(within: .seconds(1))
  }

  @Test("With one connection arrivals wait for it, and their wait counts")
  func oneConnection() async throws {
    let application = ScriptedApplication { _ in
      try? await Task.sleep(for: .milliseconds(20))
      return .text("slow")
    }
    let server = try application.serve()
    var plan = try Self.plan(rate: 10, spacing: .together(10))
    plan.connections = 1
    let outcomes = try await Self.outcomes(plan) { _, _ in server.port }
    #expect(outcomes.map(\.index) == Array(0..<10))
    for outcome in outcomes { #expect(outcome.latency >= (outcome.index + 1) * 20_000) }
    await server.stop(within: .seconds(1))
  }

  @Test("Connections that are opened beforehand are all used")
  func opened() async throws {
    // Nobody is answered before a hundred have come, which takes a hundred connections.
    let waiting = Mutex<[CheckedContinuation<Void, Never>]>([])
    let application = ScriptedApplication { _ in
      await withCheckedContinuation { continuation in
        let all = waiting.withLock { waiting in
          waiting.append(continuation)
          defer { if waiting.count == 100 { waiting = [] } }
          return waiting.count == 100 ? waiting : []
        }
        for one in all { one.resume() }
      }
      return .text("together")
    }
    let server = try application.serve()
    var plan = try Self.plan(rate: 200, spacing: .together(100))
    // A busy machine takes its time; only who never comes is late.
    (plan.opened, plan.connections, plan.deadline) = (100, 100, 600_000)
    let outcomes = try await Self.outcomes(plan) { _, _ in server.port }
    #expect(outcomes.count == 200 && outcomes.allSatisfy { $0.status == 200 })
    await server.stop(within: .seconds(1))
  }

  @Test("Nobody listening is refused, a silent server is late, and one that hangs up is refused or tried elsewhere")
  func faults() async throws {
    let nobody = try reservedPort()
    let refused = try await Self.outcomes(Self.plan(rate: 5)) { _, _ in nobody }
    #expect(refused.count == 5 && refused.allSatisfy { $0.ending == .refused })
    #expect(try await Self.outcomes(Self.plan(rate: 5)) { _, _ in nil }.allSatisfy { $0.ending == .refused })

    let silent = try ScriptedApplication { _ in
      try? await Task.sleep(for: .seconds(20))
      return .text("too late")
    }.serve()
    var plan = try Self.plan(rate: 5)
    plan.deadline = 300
    let late = try await Self.outcomes(plan) { _, _ in silent.port }
    #expect(late.allSatisfy { $0.ending == .late && $0.latency >= 300_000 && $0.latency < 15_000_000 })

    let rude = try ScriptedApplication { _ in .hungUp }.serve()
    #expect(try await Self.outcomes(Self.plan(rate: 5)) { _, _ in rude.port }.allSatisfy { $0.ending == .refused })
    let good = try ScriptedApplication { _ in .text("well") }.serve()
    var patient = try Self.plan(rate: 5)
    patient.retries = 1
    let saved = try await Self.outcomes(patient) { _, attempt in attempt == 0 ? rude.port : good.port }
    #expect(saved.allSatisfy { $0.status == 200 && $0.repeats == 1 })
    for server in [silent, rude, good] { await server.stop(within: .milliseconds(1)) }
  }

  @Test("Statuses and Retry-After are told as they came, and a closed connection is replaced")
  func statuses() async throws {
    let application = ScriptedApplication { request in
      HTTPResponse(status: 503, fields: [HTTPField("Retry-After", "2")], closes: true)
    }
    let server = try application.serve()
    let outcomes = try await Self.outcomes(Self.plan(rate: 20)) { _, _ in server.port }
    #expect(outcomes.count == 20 && outcomes.allSatisfy { $0.ending == .answered(status: 503, hasRetryAfter: true) })
    var ledger = CallLedger()
    for outcome in outcomes { ledger.take(outcome) }
    #expect(ledger.refusals == 20 && ledger.withoutRetryAfter == 0 && ledger.unexpected == 0 && ledger.count == 20)
    await server.stop(within: .seconds(1))
  }

  @Test("A load may end early")
  func early() async throws {
    let server = try ScriptedApplication { _ in .text("well") }.serve()
    let plan = try Self.plan(rate: 100, seconds: 60)
    let outcomes = await onThread {
      var outcomes = 0
      let load = OpenLoad(plan, port: { _, _ in server.port }, request: { _ in Self.request })
      try? load.run(isOver: { outcomes >= 5 }, { _ in outcomes += 1 })
      return outcomes
    }
    #expect((5..<6_000).contains(outcomes))
    await server.stop(within: .seconds(1))
  }
}
