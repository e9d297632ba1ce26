/// How a student stood at the end of one day.
public struct HistoryDay: Hashable, Sendable {
  /// The day.
  public let day: Day
  /// What the scores in force came to.
  public let mastery: Mastery
  /// Whether the day itself has evidence.
  public let hasEvidence: Bool

  /// The scores in force at the end of the day.
  public var components: ComponentValues<Score> { mastery.components }
}
