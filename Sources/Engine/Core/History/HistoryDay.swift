/// A student's mastery at the end of one day.
public struct HistoryDay: Hashable, Sendable {
  /// The day.
  public let day: Day
  /// The mastery at the end of the day.
  public let mastery: Mastery
  /// Whether the day itself has evidence.
  public let hasEvidence: Bool

  /// The current scores at the end of the day.
  public var components: ComponentValues<Score> { mastery.components }
}
