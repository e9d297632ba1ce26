internal import MasteryCore
internal import Schemas

/// Whom an answer or an event is about.
struct Identity: Sendable {
  let student: StudentID
  var school: SchoolID?
  var cohort: CohortID?

  /// The members that name the student alone.
  static let student = ObjectShape<StudentID> {
    Member("student_id", .id, "the student") { $0 }
  }

  /// The members that also name the school and the cohort, where there is one.
  static let members = ObjectShape<Self> {
    Member("student_id", .id, "the student") { $0.student }
    Member.optional("school_id", .id, "the student's school") { $0.school }
    Member.optional("cohort_id", .id, "the student's cohort") { $0.cohort }
  }
}
