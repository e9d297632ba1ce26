/// One thing that a student should work on next.
public struct Recommendation: Hashable, Sendable {
  /// The weak component.
  public let component: Component
  /// What to do about it.
  public let action: Action
  /// What to work on.
  public let area: Area
  /// How much there is to gain.
  public let priority: Priority
  /// The component's score, 0 where there is no evidence.
  public let score: Double
  /// What mastery would rise by if the component reached 0.70.
  public let expectedGain: Double
  /// Minutes that it takes, a multiple of 5.
  public let estimatedMinutes: Int
  /// Why, in one sentence.
  public let reason: String
}
