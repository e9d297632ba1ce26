/// A level and the shown mastery that reached it.
public struct LevelScore: Hashable, Sendable {
  /// The level.
  public let level: Level
  /// The mastery as shown, rounded to 3 decimals.
  public let score: Double

  /// Creates a pair of level and mastery.
  public init(level: Level, score: Double) {
    self.level = level
    self.score = score
  }
}
