/// A level, and the shown mastery that reaches it.
public struct LevelScore: Hashable, Sendable {
  /// The level.
  public let level: Level
  /// The mastery as shown, rounded to 3 decimals.
  public let score: Double

  /// Holds a level with its mastery.
  public init(level: Level, score: Double) {
    self.level = level
    self.score = score
  }
}
