/// A request that is sent once everything has settled.
enum SurveyQuestion: Sendable {
  case summary(school: String?, cohort: String)
  case compare(school: String?, student: String, with: Group)
  case batch(Chronicle.Batch)

  /// Whom a student is compared with.
  enum Group: Hashable, Sendable {
    case school
    /// The cohort where only one can be named.
    case cohort
    /// The cohort within a course.
    case cohortOf(course: String)
  }
}
