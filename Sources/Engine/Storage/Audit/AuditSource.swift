internal import MasteryCore

/// The source of accesses: one caller's records must not block the requests of others.
struct AuditSource: Hashable, Sendable {
  let subject: ExactText
  let role: String
  /// The schools that the caller could name, not the one it does name: naming another one would give it a second share.
  let schools: SchoolScope

  /// Creates the source of a caller.
  init(_ caller: Caller) { (subject, role, schools) = (ExactText(caller.subject), caller.role.rawValue, caller.schools) }

  /// Creates the source of a record's user.
  init(_ record: AuditRecord) { (subject, role, schools) = (ExactText(record.userID), record.userRole, .none) }
}
