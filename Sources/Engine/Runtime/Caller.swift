internal import MasteryCore

/// An authenticated caller.
struct Caller: Sendable, Hashable {
  /// The role of a caller.
  enum Role: String, Sendable, CaseIterable {
    case student, teacher, admin, service
  }

  let role: Role
  /// The caller's identity for idempotency, limits and audit.
  let subject: String
  /// The school whose data the caller sees; nil for data without a school.
  let school: SchoolID?
  /// The students of a teacher.
  var students: Set<StudentID> = []
  /// The schools that the caller could have named, which distinguish subjects of the same name regardless of the school they name.
  var schools = SchoolScope.none
}
