/// Who may ask something, and about whom.
struct AccessPolicy: Hashable, Sendable {
  /// Whose data a role reaches.
  enum Reach: Hashable, Sendable {
    /// Nobody's: the role may not ask at all.
    case nobody
    /// A student's own; a teacher's own students'.
    case own
    /// Everybody's of the school.
    case everybody
  }

  let student: Reach
  let teacher: Reach
  let admin: Reach
  let service: Reach

  /// Students about themselves, teachers about their students, admins and services about everybody.
  static let concerned = AccessPolicy(student: .own, teacher: .own, admin: .everybody, service: .everybody)
  /// As `concerned`, without students.
  static let staff = AccessPolicy(student: .nobody, teacher: .own, admin: .everybody, service: .everybody)

  /// Students about themselves, and admins: what nobody else has a say in.
  static let personal = AccessPolicy(student: .own, teacher: .nobody, admin: .everybody, service: .nobody)

  /// How far a role reaches.
  func reach(of role: Caller.Role) -> Reach {
    switch role {
    case .student: student
    case .teacher: teacher
    case .admin: admin
    case .service: service
    }
  }
}
