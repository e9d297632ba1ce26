/// A time in which something that the engine needs is away, in microseconds from the beginning of the load.
public struct Outage: Sendable, Hashable {
  /// What is away.
  public let name: String
  /// When it goes.
  public let begin: Int
  /// When it is back.
  public let end: Int

  /// An outage; an end before the beginning counts as the beginning.
  public init(_ name: String, begin: Int, end: Int) { (self.name, self.begin, self.end) = (name, begin, max(begin, end)) }
}
