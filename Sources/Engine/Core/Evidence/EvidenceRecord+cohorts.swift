extension EvidenceRecord {
  /// The student's cohort where only one can be named: the one joined outside any course, else the one joined last.
  public var cohort: CohortMembership? {
    cohorts.first.flatMap { $0.course == nil ? $0 : nil } ?? cohorts.max()
  }

  /// The cohorts that the student is in, sorted and without duplicates.
  public var currentCohorts: [CohortID] {
    var current: [CohortID] = []
    for cohort in cohorts.map(\.cohort).sorted() where cohort != current.last { current.append(cohort) }
    return current
  }

  /// The evidence by which the student stands in a cohort: that of the courses within which it was joined, or all of it for a cohort that was joined
  /// outside any course; nil if the student is not in it.
  public func scope(of cohort: CohortID) -> EvidenceScope? {
    let courses = cohorts.filter { $0.cohort == cohort }.map(\.course)
    guard !courses.isEmpty else { return nil }
    return courses.contains(nil) ? .student : .courses(courses)
  }

  /// The cohort that the student is in within a course.
  public func cohort(in course: CourseID) -> CohortID? {
    cohorts.first { $0.course == course }?.cohort
  }
}
