/// The part of a student's document beside the evidence: its life and revision, and what is still to be published.
public struct Ledger: Hashable, Sendable {
  /// The document's life: the second in which it was created, always above any predecessor's.
  public var epoch: Int64
  /// Number of evidence changes in this life.
  public var revision: Int64
  /// Details of the last revision; nil before the first.
  public var lastRevision: LastRevision?
  /// Announcements not yet confirmed as published.
  public var outbox: [OutboxEntry]
  /// The cohorts of all revisions, sorted and without duplicates.
  public private(set) var cohorts: [CohortID]
  /// The last weekly forecast, kept until its day is over; nil if nothing was predicted.
  public var forecast: WeeklyForecast?
  /// The student's consent; nil if none was ever recorded.
  public var consent: Consent?
  /// Observations up to this time belong to an erased life; nil if there was no erasure.
  public var erasedAt: Timestamp?
  /// Cleanup that an erasure has left to do outside the document; nil if there is none.
  public var erasing: PendingErasure?
  /// Fields written by a newer release.
  public var unknownFields: [PreservedField]

  /// Creates a ledger; the cohorts are sorted.
  public init(
    epoch: Int64, revision: Int64 = 0, lastRevision: LastRevision? = nil, outbox: [OutboxEntry] = [], cohorts: [CohortID] = [],
    forecast: WeeklyForecast? = nil, consent: Consent? = nil, erasedAt: Timestamp? = nil, erasing: PendingErasure? = nil,
    unknownFields: [PreservedField] = []
  ) {
    self.epoch = epoch
    self.revision = revision
    self.lastRevision = lastRevision
    self.outbox = outbox
    self.cohorts = []
    self.forecast = forecast
    self.consent = consent
    self.erasedAt = erasedAt
    self.erasing = erasing
    self.unknownFields = unknownFields
    for cohort in cohorts { remember(cohort) }
  }

  /// Whether consent is withdrawn.
  public var isConsentWithdrawn: Bool { consent?.granted == false }

  /// Whether an observation of that time must be kept out of the document.
  public func forgets(_ timestamp: Timestamp) -> Bool {
    isConsentWithdrawn || isErased(timestamp)
  }

  /// Whether that time belongs to an erased life.
  public func isErased(_ timestamp: Timestamp) -> Bool { erasedAt.map { timestamp <= $0 } ?? false }

  /// How far ahead of the clock an event may be and still belong to the erased life, in milliseconds.
  public static let erasureMargin: Int64 = 5 * 60_000

  /// Whether the student has been erased since an erasure was requested at that time.
  public func isErased(asAskedAt moment: Timestamp) -> Bool {
    erasedAt.map { $0 >= moment.adding(milliseconds: Self.erasureMargin) } ?? false
  }

  /// Maximum number of cohorts that a student can have been in: each result lists all of them and is sent to each of them.
  public static let mostCohorts = 64

  /// Whether the student has already been in the cohort, or there is room for another one beside the present ones.
  func hasRoom(for cohort: CohortID, beside present: @autoclosure () -> [CohortID]) -> Bool {
    cohorts.contains(cohort) || Set(cohorts).union(present()).union([cohort]).count <= Self.mostCohorts
  }

  /// Adds a cohort to the list of those that the student has been in.
  public mutating func remember(_ cohort: CohortID) {
    let index = cohorts.firstIndex { $0 >= cohort } ?? cohorts.endIndex
    guard index == cohorts.endIndex || cohorts[index] != cohort else { return }
    cohorts.insert(cohort, at: index)
  }
}
