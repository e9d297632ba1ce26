/// A law that a world broke.
public struct Breach: Hashable, Sendable {
  /// The broken law.
  public let law: Law
  /// How it was broken, in one line.
  public let story: String
}
