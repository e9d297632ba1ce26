import Glibc
import HTTPServer
import MasteryCore
import MasteryService

/// What the engine itself costs, all in this process, on a sidecar that is a dictionary: not network, broker and store.
struct InProcess {
  /// Pieces of work of one run.
  let count: Int
  private let service: MasteryService

  /// A service that has seen nothing.
  init(count: Int) {
    self.count = count
    var configuration = Configuration()
    configuration.environment = .development
    configuration.gatheringMilliseconds = 0
    let edge = Edge(now: { Timestamp(milliseconds: Deliveries.now) }, sleep: { _ in }, random: { 7 })
    service = MasteryService(configuration, sidecar: MemorySidecar(), edge: edge, log: Log(level: .error, format: .json) { _ in })
  }

  /// Events folded, in deliveries as a course brings them; the floor parses each delivery and copies it.
  func fold() async -> Measured {
    let deliveries = (0..<max(1, count / Deliveries.size)).map { Deliveries.body($0) }
    return await Measured(
      count: deliveries.count * Deliveries.size,
      floor: { for body in deliveries { Deliveries.copy(body) } },
      work: {
        for body in deliveries {
          _ = await service.answer(HTTPRequest(head: HTTPRequestHead(method: "POST", target: "/events/learning.quiz"), body: body))
        }
      })
  }

  /// Calculations by `/process`; the floor parses each request and copies it.
  func calculation() async -> Measured {
    let request = HTTPRequest(
      head: HTTPRequestHead(method: "POST", target: "/process", fields: [HTTPField("Content-Type", "application/json")]),
      body: Array(Chain.calculation.utf8))
    return await Measured(
      count: count, floor: { for _ in 0..<count { Deliveries.copy(request.body) } },
      work: { for _ in 0..<count { _ = await service.answer(request) } })
  }

  /// Predictions of a student who was active on each of 90 days; the floor walks the days once.
  func prediction() async -> Measured {
    let history = Forecasts.record()
    return await Measured(
      count: count, floor: { for _ in 0..<count { Forecasts.walk(history) } },
      work: { for _ in 0..<count { Forecasts.predict(history) } })
  }
}
