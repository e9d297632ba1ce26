import Glibc
import HTTPServer
import JSON
import MasteryCore
import MasteryService

/// Measures what the engine itself costs: medians of several runs, each beside a floor of the same run.
///
/// Everything happens in this process, on a sidecar that is a dictionary, so the figures are the engine's own and not those of
/// network, broker and store. The floor moves the same bytes without mastery: it parses each delivery and copies it.
enum Bench {
  private static let runs = 5
  private static let events = 100_000

  static func run() async {
    let deliveries = (0..<events / Deliveries.size).map { Deliveries.body($0) }
    let calculation = HTTPRequest(
      head: HTTPRequestHead(
        method: "POST", target: "/process", fields: [HTTPField("Content-Type", "application/json")]),
      body: Array(
        #"{"intent":"mastery_calculation","payload":{"components":{"completion":0.8,"quiz":0.6,"quality":0.7,"consistency":0.5}}}"#.utf8))
    print("measured                               median      floor      ratio")
    var folds: [Measured] = []
    var answers: [Measured] = []
    let service = Self.service()
    for _ in 0..<runs {
      folds.append(
        await Measured(count: events, floor: { for body in deliveries { Deliveries.copy(body) } }) {
          for body in deliveries {
            _ = await service.answer(HTTPRequest(head: HTTPRequestHead(method: "POST", target: "/events/learning.quiz"), body: body))
          }
        })
      answers.append(
        await Measured(count: events, floor: { for _ in 0..<events { Deliveries.copy(calculation.body) } }) {
          for _ in 0..<events { _ = await service.answer(calculation) }
        })
    }
    let history = Forecasts.record()
    var forecasts: [Measured] = []
    for _ in 0..<runs {
      forecasts.append(
        await Measured(count: events, floor: { for _ in 0..<events { Forecasts.walk(history) } }) {
          for _ in 0..<events { Forecasts.predict(history) }
        })
    }
    Measured.report("an event folded, CPU µs", folds)
    Measured.report("a calculation by /process, CPU µs", answers)
    Measured.report("a prediction from 90 days, CPU µs", forecasts)
  }

  private static func service() -> MasteryService {
    var configuration = Configuration()
    configuration.environment = .development
    configuration.gatheringMilliseconds = 0
    let edge = Edge(now: { Timestamp(milliseconds: Deliveries.now) }, sleep: { _ in }, random: { 7 })
    return MasteryService(configuration, sidecar: MemorySidecar(), edge: edge, log: Log(level: .error, format: .json) { _ in })
  }
}
