internal import Tracing

/// The messages that a topic delivers in one sidecar request.
struct IncomingDelivery: Sendable {
  let topic: String
  let body: DeliveryBody
  /// The metadata of the messages.
  let metadata: DeliveryMetadata
  let trace: RequestTrace
  /// Makes spans; nil where nobody takes them.
  let tracer: Tracer?
}

extension IncomingDelivery {
  /// The sidecar is all that is known of the broker, and the conventions have no name for it.
  private static let system = "dapr"

  /// Works on the messages within one span, if the call that brought them or any of them is sampled.
  ///
  /// The span begins a trace and is linked with the others: it is part of none of them, as it is about all of them. That goes for the call
  /// too, since the sidecar continues the trace of the last message in it.
  ///
  /// - Parameters:
  ///   - contexts: Those of the messages; nil for one without a trace.
  ///   - work: The work, which passes its trace on in every call.
  /// - Returns: What the work comes to.
  func traced(_ contexts: some Sequence<SpanContext?>, _ work: (RequestTrace) async -> Acknowledgement) async -> Acknowledgement {
    guard let tracer else { return await work(trace) }
    var links = SpanLinks()
    for case let context? in contexts { links.add(context) }
    if let call = trace.context { links.add(call) }
    guard !links.contexts.isEmpty else { return await work(trace) }
    let span = tracer.openRoot(trace)
    let acknowledgement = await work(RequestTrace(trace, in: span.context))
    var attributes = [
      Span.Attribute("messaging.system", Self.system), Span.Attribute("messaging.operation.name", "process"),
      Span.Attribute("messaging.operation.type", "process"), Span.Attribute("messaging.destination.name", topic),
    ]
    if acknowledgement.isBulk { attributes.append(Span.Attribute("messaging.batch.message_count", acknowledgement.statuses.count)) }
    let isDone = acknowledgement.statuses.allSatisfy(\.isDone)
    tracer.end(span, "process \(topic)", .consumer, attributes, links: links, error: isDone ? nil : "retry")
    return acknowledgement
  }
}
