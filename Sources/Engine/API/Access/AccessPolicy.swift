/// Who may make a request, and about whom.
struct AccessPolicy: Hashable, Sendable {
  /// The students whose data a role may access.
  enum Reach: Hashable, Sendable {
    /// None: the role may not make the request at all.
    case nobody
    /// A student's own data; a teacher's own students.
    case own
    /// All students of the school.
    case everybody
  }

  let student: Reach
  let teacher: Reach
  let admin: Reach
  let service: Reach

  /// Students about themselves, teachers about their students, admins and services about all students.
  static let concerned = AccessPolicy(student: .own, teacher: .own, admin: .everybody, service: .everybody)
  /// Like `concerned`, without students.
  static let staff = AccessPolicy(student: .nobody, teacher: .own, admin: .everybody, service: .everybody)

  /// Students about themselves, and admins: requests that concern nobody else.
  static let personal = AccessPolicy(student: .own, teacher: .nobody, admin: .everybody, service: .nobody)

  /// Admins about everything in their school.
  static let admins = AccessPolicy(student: .nobody, teacher: .nobody, admin: .everybody, service: .nobody)

  /// The reach of a role.
  func reach(of role: Caller.Role) -> Reach {
    switch role {
    case .student: student
    case .teacher: teacher
    case .admin: admin
    case .service: service
    }
  }
}
