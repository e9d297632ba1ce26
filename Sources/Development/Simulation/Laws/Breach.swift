/// A law that a world broke.
public struct Breach: Hashable, Sendable {
  /// The broken law.
  public let law: Law
  /// How, in one line.
  public let story: String
}
