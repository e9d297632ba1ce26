/// The published result of a stored revision, identical however often it is published.
public struct MasteryUpdate: Hashable, Sendable {
  /// The student.
  public let student: StudentID
  /// The school that the data belongs to, if any.
  public let school: SchoolID?
  /// The student's cohort, if known.
  public let cohort: CohortID?
  /// The student's former cohorts, sorted.
  public let formerCohorts: [CohortID]
  /// The life of the document.
  public let epoch: Int64
  /// The revision, 0 without evidence.
  public let revision: Int64
  /// The latest earlier revision known to be published, 0 for none; this result also stands for the ones in between.
  public let revisionsSince: Int64
  /// When the revision was made; nil before the first.
  public let savedAt: Timestamp?
  /// The component scores and the mastery computed from them.
  public let mastery: Mastery
  /// The mastery shown by the previous revision; nil for the first.
  public let previousScore: Double?
  /// Recommended next steps, at most 5.
  public let recommendations: [Recommendation]
  /// The events that caused the revision, at most 50.
  public let causedBy: [EventID]
  /// Number of events that caused the revision.
  public let causedByCount: Int

  /// Creates the result of a document.
  public init(of document: StudentDocument) {
    let ledger = document.ledger
    let current = document.evidence.cohort?.cohort
    student = document.student
    school = document.school
    cohort = current
    formerCohorts = ledger.cohorts.filter { $0 != current }
    epoch = ledger.epoch
    revision = ledger.revision
    revisionsSince = ledger.lastRevision?.revisionsSince ?? 0
    savedAt = ledger.lastRevision?.savedAt
    mastery = document.evidence.mastery()
    previousScore = ledger.lastRevision?.previousScore
    recommendations = Recommendations.for(mastery.components)
    causedBy = ledger.lastRevision?.causedBy ?? []
    causedByCount = ledger.lastRevision?.causedByCount ?? 0
  }
}
