internal import JSON
internal import Tracing

/// The W3C trace of an event, continued in everything that the engine publishes because of it.
struct EventTrace: Hashable, Sendable {
  /// `traceparent`, version 00; nil if the event has no trace.
  private(set) var parent: String?
  /// `tracestate`, unchanged.
  private(set) var state: String?
  /// `baggage`, unchanged.
  private(set) var baggage: String?

  /// The ids of `traceparent`; nil if the event has no trace.
  var context: SpanContext? { parent.flatMap { SpanContext(traceparent: $0) } }

  /// Reads the trace of an envelope or a message's metadata; missing attributes leave the present values unchanged.
  mutating func read(_ attributes: JSONValue) {
    guard let found = attributes["traceparent"]?.single.string, SpanContext(traceparent: found) != nil else { return }
    parent = found
    state = Self.text(attributes["tracestate"]?.single)
    baggage = Self.text(attributes["baggage"]?.single)
  }

  private static func text(_ value: JSONValue?) -> String? {
    value?.text.flatMap { RequestTrace.isPassedOn($0.bytes) ? $0.string : nil }
  }
}

extension JSONWriter {
  /// Writes the trace attributes of a CloudEvent (CloudEvents, Distributed Tracing extension); none without a trace.
  mutating func trace(_ trace: EventTrace) {
    guard let parent = trace.parent else { return }
    // Without this attribute the sidecar treats the event as one without a trace, and assigns it the request's.
    member("traceid", parent)
    member("traceparent", parent)
    if let state = trace.state { member("tracestate", state) }
    if let baggage = trace.baggage { member("baggage", baggage) }
  }
}
