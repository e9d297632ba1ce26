/// A mastery as displayed, with scores in thousandths.
public struct ShownMastery: Hashable, Sendable {
  /// The mastery.
  public let score: Int
  /// The level, decided on the unrounded mastery.
  public let level: Level
  /// The scores of the components that have evidence.
  public let components: ComponentValues<Int>

  /// Creates a value from scores that were shown.
  public init(score: Int, level: Level, components: ComponentValues<Int>) {
    self.score = score
    self.level = level
    self.components = components
  }

  /// Rounds a mastery for display.
  public init(_ mastery: Mastery) {
    self.init(
      score: Self.thousandths(mastery.value), level: mastery.level, components: mastery.components.map { Self.thousandths($0.value) })
  }

  /// A score rounded for display, in thousandths.
  public static func thousandths(_ score: Double) -> Int { Int((Rounding.decimals(3, of: score) * 1_000).rounded()) }
}
