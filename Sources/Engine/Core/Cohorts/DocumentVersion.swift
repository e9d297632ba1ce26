/// A life and revision of a student's document; the later one wins.
public struct DocumentVersion: Hashable, Comparable, Sendable {
  /// The life.
  public let epoch: Int64
  /// The revision within it.
  public let revision: Int64

  /// Creates a version.
  public init(epoch: Int64, revision: Int64) {
    self.epoch = epoch
    self.revision = revision
  }

  /// Whether `left` is earlier than `right`.
  public static func < (left: Self, right: Self) -> Bool { (left.epoch, left.revision) < (right.epoch, right.revision) }
}
