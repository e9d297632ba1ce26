/// What became of one arrival of a load.
public struct CallOutcome: Sendable, Hashable {
  /// How it ended.
  public enum Ending: Sendable, Hashable {
    /// An answer came.
    case answered(status: Int, hasRetryAfter: Bool)
    /// Nobody took the connection, nor another one that was tried in its place.
    case refused
    /// The connection ended before the answer was whole.
    case broken
    /// No answer came within the deadline.
    case late
  }

  /// Its number in the schedule, from 0 on.
  public let index: Int
  /// When it was due, in microseconds from the beginning of the load.
  public let due: Int
  /// When it was first sent; as long after `due` as the generator was behind or waited for a connection.
  public let sent: Int
  /// When it ended.
  public let ended: Int
  /// How it ended.
  public let ending: Ending
  /// How often it was sent again, over another connection.
  public let repeats: Int

  /// An outcome with everything.
  public init(index: Int, due: Int, sent: Int, ended: Int, ending: Ending, repeats: Int = 0) {
    (self.index, self.due, self.sent, self.ended) = (index, due, sent, ended)
    (self.ending, self.repeats) = (ending, repeats)
  }

  /// Microseconds from when it was due to its end: what somebody waits who comes at that time.
  public var latency: Int { ended - due }

  /// The status of the answer; nil without one.
  public var status: Int? {
    guard case .answered(let status, _) = ending else { return nil }
    return status
  }
}
