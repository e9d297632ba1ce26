internal import JSON

/// The W3C trace of an event, continued in everything that the engine publishes because of it.
struct EventTrace: Hashable, Sendable {
  /// `traceparent`, version 00; nil if the event has no trace.
  private(set) var parent: String?
  /// `tracestate`, unchanged.
  private(set) var state: String?
  /// `baggage`, unchanged.
  private(set) var baggage: String?

  /// Maximum bytes of state or baggage passed on; longer values are left out.
  private static let longest = 512

  /// Reads the trace of an envelope or a message's metadata; missing attributes leave the present values unchanged.
  mutating func read(_ attributes: JSONValue) {
    guard let found = attributes["traceparent"]?.string, RequestTrace.isTraceParent(found) else { return }
    parent = found
    state = Self.text(attributes["tracestate"])
    baggage = Self.text(attributes["baggage"])
  }

  private static func text(_ value: JSONValue?) -> String? {
    guard let text = value?.text, text.count > 0, text.count <= longest else { return nil }
    return text.allSatisfy { (0x20...0x7E).contains($0) } ? text.string : nil
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
