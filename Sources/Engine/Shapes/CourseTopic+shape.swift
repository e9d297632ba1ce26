internal import MasteryCore
internal import Schemas

extension CourseTopic {
  /// The members that name a course and a topic, as far as there are any.
  static let members = ObjectShape<Self> {
    Member.optional("course_id", .id, "the course") { $0.course }
    Member.optional("topic", .path, "the topic of the course") { $0.topic }
  }

  /// An object with these members.
  static let shape = ObjectShape<Self>("CourseTopic", "a topic of a course, either of which may be missing") {
    Member.all(of: members) { $0 }
  }
}
