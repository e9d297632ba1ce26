internal import MasteryCore

/// Who asks.
struct Caller: Sendable, Hashable {
  /// What a caller may be.
  enum Role: String, Sendable {
    case student, teacher, admin, service
  }

  let role: Role
  /// Who it is, for idempotency, limits and audit.
  let subject: String
  /// The school whose data it sees; nil for the data without a school.
  let school: SchoolID?
}
