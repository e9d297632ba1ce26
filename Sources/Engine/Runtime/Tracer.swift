internal import MasteryCore
internal import Tracing

/// Makes spans of the work that is sampled.
struct Tracer: Sendable {
  /// Where they wait to be sent.
  let queue: SpanQueue
  let runtime: Runtime

  /// A span that has begun.
  struct Open: Sendable {
    let context: SpanContext
    let parent: SpanContext?
    let began: Timestamp
    /// `Runtime.uptime` when it began.
    let uptime: Int64
  }

  /// Begins the span of a request; nil unless its parent is sampled.
  func open(_ trace: RequestTrace) -> Open? {
    guard let parent = trace.context, parent.isSampled else { return nil }
    return Open(context: SpanContext(below: parent, random: runtime.random), parent: parent, began: trace.began, uptime: trace.uptime)
  }

  /// Begins the span of a request as the root of a trace.
  func openRoot(_ trace: RequestTrace) -> Open {
    Open(context: SpanContext(random: runtime.random), parent: nil, began: trace.began, uptime: trace.uptime)
  }

  /// Begins the span of a call; nil unless its parent is sampled.
  func open(below traceparent: String?) -> Open? {
    guard let parent = traceparent.flatMap({ SpanContext(traceparent: $0) }), parent.isSampled else { return nil }
    return Open(
      context: SpanContext(below: parent, random: runtime.random), parent: parent, began: runtime.now(), uptime: runtime.uptime())
  }

  /// Ends a span.
  ///
  /// - Parameters:
  ///   - open: The span.
  ///   - name: What was done, with few different values.
  ///   - kind: Whose work it was.
  ///   - attributes: What else is known.
  ///   - links: Spans of other traces that it has to do with.
  ///   - error: The kind of failure, of which there are few; nil if it did not fail.
  func end(
    _ open: Open, _ name: String, _ kind: Span.Kind, _ attributes: [Span.Attribute], links: SpanLinks = SpanLinks(), error: String? = nil
  ) {
    // The clock may be set meanwhile.
    let began = open.began.milliseconds &* 1_000_000
    var span = Span(open.context, below: open.parent, name, kind, began: began, ended: began &+ (runtime.uptime() &- open.uptime))
    span.attributes = attributes
    if let error { span.attributes.append(Span.Attribute("error.type", error)) }
    (span.links, span.linksLeftOut, span.isFailed) = (links.contexts, links.leftOut, error != nil)
    queue.add(span)
  }
}
