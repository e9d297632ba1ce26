/// The deadline and trace of a call.
public struct CallContext: Sendable {
  /// Milliseconds within which the answer must arrive.
  public var deadline: Int
  /// The W3C trace parent of the work that the call is part of.
  public var traceparent: String?
  /// What tracing systems have added to the trace parent, as W3C's `tracestate`.
  public var tracestate: String?
  /// What whoever began the work passes on to all who take part in it, as W3C's `baggage`.
  public var baggage: String?

  /// Creates a context; the default deadline is 1.5 s.
  public init(deadline: Int = 1_500, traceparent: String? = nil, tracestate: String? = nil, baggage: String? = nil) {
    self.deadline = deadline
    self.traceparent = traceparent
    self.tracestate = tracestate
    self.baggage = baggage
  }
}
