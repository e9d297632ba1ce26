public import HTTPServer
internal import MasteryCore

/// The handling of the sidecar's own calls.
extension MasteryService {
  /// Splits a delivery that is too large to be collected; no other body may be that large.
  public func bodyReader(for head: HTTPRequestHead) -> (any HTTPBodyReader)? {
    guard case .events(let row) = Route(path: head.path, subscriptions: subscriptions, intents: requests.intents) else { return nil }
    // The first bytes of the engine's own messages would be useless, so they are kept whole.
    return DeliveryStream(DeliveryMetadata(head), keepsWhole: row.consumer != .events, now: runtime.now())
  }

  /// Whether a request brings the sidecar's token; without a configured token, only connections from the same machine count as the sidecar.
  public func isNeighbour(_ head: HTTPRequestHead) -> Bool {
    configuration.appToken != nil && sidecarToken.isBrought(by: head)
  }

  /// The problem of a sidecar-only call that is not the sidecar's own.
  ///
  /// A call that another app invokes through the sidecar also carries the sidecar's token, but always with the app's name; the sidecar's
  /// own calls never carry a name. A forged name from the app itself appears beside the real one.
  func sidecarProblem(with head: HTTPRequestHead) -> Problem? {
    guard head.header("dapr-caller-app-id") != nil else { return isTokenRight(head) ? nil : .notTheSidecar }
    let callers = head.values(of: "dapr-caller-app-id").joined(separator: ", ")
    log(
      LogLine(
        .warning, "an app invoked what only the sidecar itself may call",
        [("endpoint", .text(String(head.path.prefix(200)))), ("caller", .text(String(callers.prefix(200))))]), at: runtime.now())
    return .invoked
  }

  private func isTokenRight(_ head: HTTPRequestHead) -> Bool {
    guard sidecarToken.isBrought(by: head) else {
      tokens.refused(head.path)
      return false
    }
    tokens.trusted()
    return true
  }

  /// The body of a delivery, collected or split.
  func deliveryBody(of request: HTTPRequest, _ trace: RequestTrace) -> DeliveryBody {
    guard let stream = request.reader as? DeliveryStream else { return .whole(request.body) }
    let delivery = stream.finish()
    if delivery.leftOut > 0 {
      log(
        LogLine(
          .warning, "a delivery has more entries than there is room for; the rest is to come again",
          [
            ("endpoint", .text(trace.endpoint)), ("entries", .integer(delivery.entries.count)), ("left_out", .integer(delivery.leftOut)),
          ]), at: trace.began)
    }
    return .split(delivery)
  }

  /// Consumes a delivery by its topic.
  func consume(_ request: HTTPRequest, _ row: TopicTable.Row, _ trace: RequestTrace) async -> Acknowledgement {
    let delivery = IncomingDelivery(
      topic: row.topic, body: deliveryBody(of: request, trace), metadata: DeliveryMetadata(request.head), trace: trace,
      tracer: tracer)
    let consumer: any DeliveryConsumer =
      switch row.consumer {
      case .events: events
      case .deadLetters: deadLetters
      case .retry: retry
      case .erasures: erasures
      case .standings: standings
      case .batches: batches.consumer
      }
    let acknowledgement = await deliveries.counting { await consumer.consume(delivery) }
    log(
      .debug,
      LogLine(
        .debug, "delivery",
        [
          ("topic", .text(row.topic)), ("entries", .integer(acknowledgement.statuses.count)),
          ("undone", .integer(acknowledgement.statuses.count { !$0.isDone })),
          ("duration_ms", .integer(Int(runtime.now().milliseconds - trace.began.milliseconds))),
        ]), at: trace.began)
    return acknowledgement
  }
}
