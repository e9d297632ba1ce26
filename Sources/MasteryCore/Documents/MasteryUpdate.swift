/// What a stored revision says of a student, the same however often it is said.
public struct MasteryUpdate: Hashable, Sendable {
  /// The student.
  public let student: StudentID
  /// The school that the data belongs to, if any.
  public let school: SchoolID?
  /// The student's cohort, where one is known.
  public let cohort: CohortID?
  /// The cohorts that the student was in before, in order.
  public let formerCohorts: [CohortID]
  /// The life of the document.
  public let epoch: Int64
  /// The revision that speaks, 0 where there was no evidence yet.
  public let revision: Int64
  /// The latest revision before this one that is known to be published, 0 for none: this result stands for those in between too.
  public let revisionsSince: Int64
  /// When the revision was made, nil before the first.
  public let savedAt: Timestamp?
  /// The scores and what they come to.
  public let mastery: Mastery
  /// The mastery shown by the revision before, nil for the first.
  public let previousScore: Double?
  /// What to do next, at most 5.
  public let recommendations: [Recommendation]
  /// The events that the revision is due to, at most 50.
  public let causedBy: [EventID]
  /// How many events the revision is due to.
  public let causedByCount: Int

  /// Says what `document` says.
  public init(of document: StudentDocument) {
    let ledger = document.ledger
    let current = document.evidence.cohort?.cohort
    student = document.student
    school = document.school
    cohort = current
    formerCohorts = ledger.cohorts.filter { $0 != current }
    epoch = ledger.epoch
    revision = ledger.revision
    revisionsSince = ledger.said?.revisionsSince ?? 0
    savedAt = ledger.said?.savedAt
    mastery = document.evidence.mastery()
    previousScore = ledger.said?.previousScore
    recommendations = Recommendations.for(mastery.components)
    causedBy = ledger.said?.causedBy ?? []
    causedByCount = ledger.said?.causedByCount ?? 0
  }
}
