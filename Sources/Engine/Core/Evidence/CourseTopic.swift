/// Where evidence belongs: a topic of a course, either of which may be missing.
public struct CourseTopic: Hashable, Comparable, Sendable {
  /// Neither course nor topic.
  public static let none = Self(course: nil, topic: nil)

  /// The course; nil if the event named none.
  public let course: CourseID?
  /// The topic; nil if the event named none.
  public let topic: TopicPath?

  /// Creates a pair of course and topic.
  public init(course: CourseID?, topic: TopicPath?) {
    self.course = course
    self.topic = topic
  }

  /// Orders by course, then by topic; what is missing comes first.
  public static func < (left: Self, right: Self) -> Bool {
    if left.course != right.course { return left.course.isBefore(right.course) }
    return left.topic.isBefore(right.topic)
  }
}

extension Optional where Wrapped: Comparable {
  /// Whether this value comes before `other`; a missing one comes first.
  func isBefore(_ other: Self) -> Bool {
    guard let other else { return false }
    return map { $0 < other } ?? true
  }
}
