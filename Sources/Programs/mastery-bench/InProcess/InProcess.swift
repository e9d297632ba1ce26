import DaprClient
import Glibc
import HTTPServer
import MasteryCore
import MasteryService

/// The cost of the engine itself, all in this process, on a sidecar that is a dictionary: without network, broker and store.
struct InProcess {
  /// Pieces of work of one run.
  let count: Int
  private let service: MasteryService
  /// The same service as in production: callers are verified, limited and put on record.
  private let guarded: MasteryService
  private let bearer: HTTPField

  /// A service without any state.
  init(count: Int) {
    self.count = count
    let (runtime, sidecar, log) = (Self.runtime, MemorySidecar(), Log(level: .error, format: .json) { _ in })
    var configuration = Configuration()
    configuration.environment = .development
    service = MasteryService(configuration, sidecar: sidecar, runtime: runtime, log: log)
    configuration.environment = .production
    configuration.jwtSecret = "a secret of the bench, as long as it must be"
    configuration.serviceRateFactor = 1_000_000
    guarded = MasteryService(configuration, sidecar: sidecar, runtime: runtime, log: log)
    var order = TokenMint.Order(subject: "bench", role: "service")
    order.school = "open_university"
    let token = TokenMint(configuration)?.token(order, now: runtime.now()) ?? ""
    bearer = HTTPField("Authorization", "Bearer \(token)")
  }

  private static let runtime = Runtime(now: { Timestamp(milliseconds: Deliveries.now) }, sleep: { _ in }, random: { 7 })

  /// Events folded, in deliveries like those of a course; the floor parses each delivery and copies it.
  func fold() async -> Measured {
    let deliveries = deliveries(topics: 0)
    return await Measured(
      count: deliveries.count * Deliveries.size,
      floor: { for body in deliveries { Deliveries.copy(body) } },
      work: { await Self.fold(deliveries) })
  }

  /// Events folded that name one of ten topics of a course; the floor folds the same events without their topics.
  func foldTopics() async -> Measured {
    let (plain, topics) = (deliveries(topics: 0), deliveries(topics: 10))
    return await Measured(
      count: topics.count * Deliveries.size, floor: { await Self.fold(plain) }, work: { await Self.fold(topics) })
  }

  private func deliveries(topics: Int) -> [[UInt8]] {
    (0..<max(1, count / Deliveries.size)).map { Deliveries.body($0, topics: topics) }
  }

  /// Folds into documents of its own, since events that are known already would change nothing.
  private static func fold(_ deliveries: [[UInt8]]) async {
    var configuration = Configuration()
    configuration.environment = .development
    let log = Log(level: .error, format: .json) { _ in }
    let service = MasteryService(configuration, sidecar: MemorySidecar(), runtime: runtime, log: log)
    for body in deliveries {
      _ = await service.respond(to: HTTPRequest(head: HTTPRequestHead(method: "POST", target: "/events/learning.quiz"), body: body))
    }
  }

  /// Calculations by `/process`; the floor parses each request and copies it.
  func calculation() async -> Measured {
    let request = HTTPRequest(
      head: HTTPRequestHead(method: "POST", target: "/process", fields: [HTTPField("Content-Type", "application/json")]),
      body: Array(Chain.calculation.utf8))
    return await Measured(
      count: count, floor: { for _ in 0..<count { Deliveries.copy(request.body) } },
      work: { for _ in 0..<count { _ = await service.respond(to: request) } })
  }

  /// Queries by `/process` with a verified token, limits and audit down to the trail; the floor is the same without token and limits, and
  /// before anything is written to the trail.
  func guarded() async -> Measured {
    // Few enough that no record waits for room.
    let count = min(count, 10_000)
    _ = await service.respond(
      to: HTTPRequest(head: HTTPRequestHead(method: "POST", target: "/events/learning.quiz"), body: Deliveries.body(0)))
    func request(_ field: HTTPField) -> HTTPRequest {
      HTTPRequest(
        head: HTTPRequestHead(method: "POST", target: "/process", fields: [HTTPField("Content-Type", "application/json"), field]),
        body: Array(#"{"intent":"mastery_query","payload":{"student_id":"ou_100000_FFF-2013B"}}"#.utf8))
    }
    let (open, closed) = (request(HTTPField("X-School-ID", "open_university")), request(bearer))
    let measured = await Measured(
      count: count, floor: { for _ in 0..<count { _ = await service.respond(to: open) } },
      work: {
        for _ in 0..<count {
          let response = await guarded.respond(to: closed)
          precondition(response.status == 200)
        }
        await guarded.finish(within: 60_000)
      })
    await service.finish(within: 60_000)
    return measured
  }

  /// Predictions for a student who was active on each of 90 days; the floor walks the days once.
  func prediction() async -> Measured {
    let history = Forecasts.record()
    return await Measured(
      count: count, floor: { for _ in 0..<count { Forecasts.walk(history) } },
      work: { for _ in 0..<count { Forecasts.predict(history) } })
  }

  /// Comparisons of a student with a cohort of 50,000, in all components; the floor sorts as many scores once.
  func comparison() async -> Measured {
    await Cohort.fill(service)
    let repeats = 20
    return await Measured(
      count: repeats, floor: { for _ in 0..<repeats { Cohort.sort() } },
      work: { for _ in 0..<repeats { await Cohort.compare(service) } })
  }
}
