internal import JSON

/// The W3C trace that an event is part of, which goes on in everything that the engine says because of it.
struct EventTrace: Hashable, Sendable {
  /// `traceparent`, version 00; nil where the event names no trace.
  private(set) var parent: String?
  /// `tracestate`, as it came.
  private(set) var state: String?
  /// `baggage`, as it came.
  private(set) var baggage: String?

  /// Longest text of state or baggage that goes on, in bytes; what is longer is left out.
  private static let longest = 512

  /// Takes what an envelope or a message's metadata says; what it does not say stays.
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
  /// The attributes by which a CloudEvent names its trace (CloudEvents, Distributed Tracing extension); none where there is no trace.
  mutating func trace(_ trace: EventTrace) {
    guard let parent = trace.parent else { return }
    // Where this is missing the sidecar takes an event for one without a trace, and gives it that of the request.
    key("traceid")
    string(parent)
    key("traceparent")
    string(parent)
    if let state = trace.state {
      key("tracestate")
      string(state)
    }
    if let baggage = trace.baggage {
      key("baggage")
      string(baggage)
    }
  }
}
