internal import HTTPServer
internal import MasteryCore
public import Metrics
internal import Tracing

extension MasteryService {
  private static let requestsInFlight = MetricDeclaration(
    "mastery_requests_in_flight", .gauge, "Requests that are being worked on.")
  private static let deliveriesInFlight = MetricDeclaration(
    "mastery_deliveries_in_flight", .gauge, "Deliveries that are being worked on.")
  private static let auditQueue = MetricDeclaration(
    "mastery_audit_queue_records", .gauge, "Accesses that wait to be written into students' audit trails.")
  private static let ready = MetricDeclaration(
    "mastery_ready", .gauge, "Whether a dependency does its work: 1 or 0; no sample where that is unknown.", labels: ["dependency"])
  private static let spansDropped = MetricDeclaration(
    "mastery_spans_dropped_total", .counter, "Spans that were not sent, since too many waited or the collector did not take them.")

  /// The declarations of all metrics that the service hands out, in the order in which it does.
  public static var metricDeclarations: [MetricDeclaration] {
    ServiceMetrics(began: Timestamp(milliseconds: 0)).families.map(\.declaration)
      + [requestsInFlight, deliveriesInFlight, auditQueue, ready, spansDropped] + ProcessUse.families.map(\.declaration)
  }

  /// Answers with all metrics, after a look at the dependencies.
  func handOutMetrics(_ head: HTTPRequestHead, _ trace: RequestTrace) async -> HTTPResponse {
    let format = Exposition.Format(accept: head.header("accept"))
    let report = await readiness.recentReport(now: trace.began, context: trace.call)
    let readings = [
      Reading(Self.requestsInFlight, value: { Double(shedding.count) }),
      Reading(Self.deliveriesInFlight, value: { Double(deliveries.count) }),
      Reading(Self.auditQueue, value: { Double(audit.waiting) }), Reading(Self.ready) { Self.samples(of: report) },
      Reading(Self.spansDropped, value: { Double(tracer?.queue.dropped ?? 0) }),
    ]
    return ResponseHeaders.text(
      Exposition.text(of: metrics.families + readings + ProcessUse.families, format), contentType: format.contentType,
      correlationID: trace.correlationID)
  }

  private static func samples(of report: ReadinessReport) -> [Reading.Sample] {
    [("dapr", report.dapr), ("pubsub", report.pubsub), ("state_store", report.store)].compactMap { name, state in
      state == .unknown ? nil : ([name], state == .up ? 1 : 0)
    }
  }
}
