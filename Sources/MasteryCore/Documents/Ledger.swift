/// What a student's document says beside the evidence: which life and revision it is in, and what is still to be told.
public struct Ledger: Hashable, Sendable {
  /// The document's life: the second of its making, above that of any predecessor.
  public var epoch: Int64
  /// How often evidence has changed in this life.
  public var revision: Int64
  /// What the last revision said, nil before the first.
  public var said: LastRevision?
  /// Announcements not yet seen published.
  public var outbox: [OutboxEntry]
  /// The cohorts that any revision was in, in order, each once.
  public private(set) var cohorts: [CohortID]
  /// The last weekly forecast, until its day is over; nil where nothing was predicted.
  public var forecast: WeeklyForecast?
  /// The student's consent, nil where nothing was ever recorded.
  public var consent: Consent?
  /// Up to when observations belong to an erased life, nil where there was none.
  public var erasedAt: Timestamp?
  /// What an erasure has still to clean beside the document; nil where there is nothing.
  public var erasing: PendingErasure?
  /// Fields of a newer release.
  public var unknownFields: [PreservedField]

  /// Holds a ledger; the cohorts are put in order.
  public init(
    epoch: Int64, revision: Int64 = 0, said: LastRevision? = nil, outbox: [OutboxEntry] = [], cohorts: [CohortID] = [],
    forecast: WeeklyForecast? = nil, consent: Consent? = nil, erasedAt: Timestamp? = nil, erasing: PendingErasure? = nil,
    unknownFields: [PreservedField] = []
  ) {
    self.epoch = epoch
    self.revision = revision
    self.said = said
    self.outbox = outbox
    self.cohorts = []
    self.forecast = forecast
    self.consent = consent
    self.erasedAt = erasedAt
    self.erasing = erasing
    self.unknownFields = unknownFields
    for cohort in cohorts { remember(cohort) }
  }

  /// Whether consent was withdrawn.
  public var isConsentWithdrawn: Bool { consent?.granted == false }

  /// Whether an observation of that time must not enter the document.
  public func forgets(_ timestamp: Timestamp) -> Bool {
    isConsentWithdrawn || isErased(timestamp)
  }

  /// Whether something of that time belongs to an erased life.
  public func isErased(_ timestamp: Timestamp) -> Bool { erasedAt.map { timestamp <= $0 } ?? false }

  /// Events may be so much ahead of the clock and are of the erased life all the same, in milliseconds.
  public static let erasureMargin: Int64 = 5 * 60_000

  /// Whether the student has been erased since that was asked for at a time.
  public func isErased(asAskedAt moment: Timestamp) -> Bool {
    erasedAt.map { $0 >= moment.adding(milliseconds: Self.erasureMargin) } ?? false
  }

  /// Most cohorts that a student can have been in: results name them all, and each of them learns of each result.
  public static let mostCohorts = 64

  /// Whether a cohort is one that the student has been in, or there is room for another one.
  func hasRoom(for cohort: CohortID) -> Bool { cohorts.count < Self.mostCohorts || cohorts.contains(cohort) }

  /// Adds a cohort to those that the student has been in.
  public mutating func remember(_ cohort: CohortID) {
    let index = cohorts.firstIndex { $0 >= cohort } ?? cohorts.endIndex
    guard index == cohorts.endIndex || cohorts[index] != cohort else { return }
    cohorts.insert(cohort, at: index)
  }
}
