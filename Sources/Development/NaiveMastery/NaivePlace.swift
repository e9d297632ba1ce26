/// A course and a topic, either of which may be missing.
public struct NaivePlace: Hashable, Sendable {
  /// The course.
  public var course: String?
  /// The topic, with `/` between its names.
  public var topic: String?

  /// Creates a place.
  public init(course: String? = nil, topic: String? = nil) {
    self.course = course
    self.topic = topic
  }
}
