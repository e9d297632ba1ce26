/// One thing that a student should work on next.
public struct Recommendation: Hashable, Sendable {
  /// The weak component.
  public let component: Component
  /// The course and topic in which most is to be gained; none if no evidence of the component names one.
  public let target: CourseTopic
  /// What to do about it.
  public let action: Action
  /// What to work on.
  public let area: Area
  /// The potential gain.
  public let priority: Priority
  /// The component's score, 0 without evidence.
  public let score: Double
  /// How much mastery would rise if the component reached 0.70.
  public let expectedGain: Double
  /// Estimated minutes, a multiple of 5.
  public let estimatedMinutes: Int
  /// The reason in one sentence.
  public let reason: String
}
