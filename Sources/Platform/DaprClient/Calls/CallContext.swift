/// The deadline and trace of a call.
public struct CallContext: Sendable {
  /// Milliseconds within which the answer must arrive.
  public var deadline: Int
  /// The W3C trace parent of the work that the call is part of.
  public var traceparent: String?

  /// Creates a context; the default deadline is 1.5 s.
  public init(deadline: Int = 1_500, traceparent: String? = nil) {
    self.deadline = deadline
    self.traceparent = traceparent
  }
}
