/// What goes along with a call.
public struct CallContext: Sendable {
  /// Milliseconds within which the answer must be there.
  public var deadline: Int
  /// The W3C trace parent of the work that the call is part of.
  public var traceparent: String?

  /// A context; the deadline is 1.5 s unless said otherwise.
  public init(deadline: Int = 1_500, traceparent: String? = nil) {
    self.deadline = deadline
    self.traceparent = traceparent
  }
}
