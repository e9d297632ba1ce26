/// Whose evidence counts: all of a student's, or that of some courses.
public enum EvidenceScope: Hashable, Sendable {
  /// The student's, in all courses and outside of them.
  case student
  /// That of the given courses; nil stands for evidence outside any course.
  case courses([CourseID?])

  /// That of one course; nil stands for evidence outside any course.
  public static func course(_ course: CourseID?) -> Self { .courses([course]) }

  /// That of the course that is asked for, or all of the student's if none is.
  public init(askedFor course: CourseID?) {
    self = course.map { .course($0) } ?? .student
  }

  /// Whether evidence of that course counts.
  func contains(_ course: CourseID?) -> Bool {
    switch self {
    case .student: true
    case .courses(let courses): courses.contains(course)
    }
  }
}
