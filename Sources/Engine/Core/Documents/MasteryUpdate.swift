/// The published result of a stored revision, identical however often it is published.
public struct MasteryUpdate: Hashable, Sendable {
  /// The student.
  public let student: StudentID
  /// The school that the data belongs to, if any.
  public let school: SchoolID?
  /// The student's cohort, if known; where there are several, the one joined outside any course, else the one joined last.
  public let cohort: CohortID?
  /// The cohorts that the student was in and is in no more, sorted.
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
  /// The mastery in each course, sorted by course, at most 64: those of the revision's events before others; empty if no evidence names one.
  public let courses: [CourseResult]
  /// The number of courses.
  public let coursesCount: Int
  /// The courses and topics that the revision's events were about, sorted, at most 50; empty if they named none.
  public let topics: [CourseTopic]
  /// The mastery shown by the previous revision; nil for the first.
  public let previousScore: Double?
  /// Recommended next steps, at most 5.
  public let recommendations: [Recommendation]
  /// The events that caused the revision, at most 50.
  public let causedBy: [EventID]
  /// Number of events that caused the revision.
  public let causedByCount: Int

  /// How a student stands in one course.
  public struct CourseResult: Hashable, Sendable {
    /// The course.
    public let course: CourseID
    /// The student's cohort in the course, if known.
    public let cohort: CohortID?
    /// The mastery in the course.
    public let mastery: Mastery
  }

  /// Maximum number of courses listed, so that a result fits the broker.
  public static let namedCourses = 64

  /// Creates the result of a document.
  public init(of document: StudentDocument) {
    let ledger = document.ledger
    let current = document.evidence.cohort?.cohort
    student = document.student
    school = document.school
    cohort = current
    let cohorts = document.evidence.currentCohorts
    formerCohorts = ledger.cohorts.filter { !cohorts.contains($0) }
    epoch = ledger.epoch
    revision = ledger.revision
    revisionsSince = ledger.lastRevision?.revisionsSince ?? 0
    savedAt = ledger.lastRevision?.savedAt
    mastery = document.evidence.mastery()
    let touched = ledger.lastRevision?.topics ?? []
    let all = document.evidence.knownCourses()
    let first = all.filter { course in touched.contains { $0.course == course } }
    let named = all.count <= Self.namedCourses ? all : (first + all.filter { !first.contains($0) }).prefix(Self.namedCourses).sorted()
    courses = named.map { course in
      CourseResult(course: course, cohort: document.evidence.cohort(in: course), mastery: document.evidence.mastery(of: .course(course)))
    }
    coursesCount = all.count
    topics = touched
    previousScore = ledger.lastRevision?.previousScore
    recommendations = Recommendations.for(mastery.components)
    causedBy = ledger.lastRevision?.causedBy ?? []
    causedByCount = ledger.lastRevision?.causedByCount ?? 0
  }
}
