internal import MasteryCore

/// Who asks.
struct Caller: Sendable, Hashable {
  /// What a caller may be.
  enum Role: String, Sendable, CaseIterable {
    case student, teacher, admin, service
  }

  let role: Role
  /// Who it is, for idempotency, limits and audit.
  let subject: String
  /// The school whose data it sees; nil for the data without a school.
  let school: SchoolID?
  /// The students that a teacher teaches.
  var students: Set<StudentID> = []
  /// The schools that the caller could have named, which tells subjects of the same name apart whatever school they name.
  var schools = SchoolScope.none
}

/// Whose schools' data a token is for.
enum SchoolScope: Hashable, Sendable {
  /// The data that has no school.
  case none
  /// One school's.
  case one(SchoolID)
  /// Any school's: each request names one.
  case every
}
