/// How far a student has come in one topic, or in all that lies under it.
///
/// It weighs completion, quiz and quality by their usual weights among those that have evidence; nothing that is missing counts as 0. The score of a
/// wider topic is the mean of the scores of the topics under it, its own evidence being one more.
public struct TopicScore: Hashable, Sendable {
  /// Whether there is enough evidence to speak of mastery.
  public enum Status: String, CaseIterable, Hashable, Sendable {
    /// There is enough evidence.
    case assessed
    /// There are fewer than 3 exercises, questions and judgements, all on one day.
    case notEnoughData = "not_enough_data"
  }

  /// Fewer items, on fewer days than `leastDays`, are not enough.
  static let leastItems = 3
  static let leastDays = 2

  /// The course, if known.
  public let course: CourseID?
  /// The topic.
  public let topic: TopicPath
  /// The scores of the components that have evidence; consistency is none of a topic's.
  public let components: ComponentValues<Score>
  /// The topic's score, 0…1, not rounded.
  public let score: Double
  /// Whether there is enough evidence.
  public let status: Status
  /// When the latest evidence happened.
  public let lastUpdated: Timestamp

  /// The level that the score reaches.
  public var level: Level { Level.of(score) }

  /// The weighted mean of the components that have evidence; nil without any.
  static func score(of components: ComponentValues<Score>) -> Double? {
    let assessed = components.filter { $0.component != .consistency }
    guard !assessed.isEmpty else { return nil }
    let weight = assessed.reduce(0) { $0 + $1.component.weight }
    return min(assessed.reduce(0) { $0 + $1.component.weight * $1.value.value } / weight, 1)
  }
}
