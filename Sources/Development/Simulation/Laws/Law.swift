/// A property that must hold once a world has settled, whatever went wrong before.
public enum Law: String, CaseIterable, Sendable {
  /// Once faults stop, everything settles in bounded time and steps.
  case everythingSettles
  /// Every answer to a delivery has exactly one status for each entry, and none is `DROP`.
  case answersAreWhole
  /// The effect of every acknowledged event is in the evidence.
  case acknowledgedIsKept
  /// Every piece of a document's evidence comes from an event.
  case nothingIsInvented
  /// With the same cutoff, the same events give the same evidence, byte for byte.
  case equalCutEqualBytes
  /// The revisions of a document follow each other without gaps or forks.
  case revisionsFormOneLine
  /// For each student, the result with the highest (epoch, revision) matches the document.
  case lastResultIsTheDocument
  /// Nothing is published about a revision that was not saved.
  case nothingUnsavedIsSaid
  /// No id has two different contents.
  case oneIDOneContent
  /// Threshold and path announcements are exactly those that the saved revisions call for.
  case announcementsAreComplete
  /// The dead letters are exactly the events that must be refused or that their document cannot take.
  case onlyRefusedAreDead
  /// A message that is not an event and was consumed from the dead letter topic is stored, byte for byte.
  case whatIsForeignIsKept
  /// A wrong clock removes nothing that a correct one would have kept.
  case clocksDestroyNothing
  /// Damaged documents and those of later releases are left alone, and fields of the next release are kept.
  case foreignIsLeftAlone
  /// A query returns what was in the store while it ran.
  case queriesAreTrue
  /// An event accepted over HTTP is at the broker, and an invalid one is refused at once.
  case ingestedIsPublished
  /// Nothing from before an erasure comes back, in the document or elsewhere.
  case erasedStaysErased
  /// Every erasure that was requested is finished.
  case erasuresAreFinished
  /// Nothing is stored while consent is withdrawn, and it stays withdrawn until the student says otherwise.
  case consentIsHeeded
  /// Every access to a student's data is on record exactly once.
  case accessesAreOnRecord
  /// No dead letter holds an event that had to be forgotten.
  case forgottenIsNotDead
  /// Cohort standings match a recount of the documents.
  case standingsAreTheDocuments
  /// Every batch completes, with each requested row as its document stood at some point meanwhile; erased students are left out.
  case batchesAreWhole
  /// A fault of one student or event never delays another student by more than 5 s.
  case nobodyIsHeldUp
  /// Every saved revision is published, or a later result covers it.
  case revisionsAreSaid
  /// While it processes a delivery, a handler waits only for sidecar calls, for its turn, and to back off after a failed call.
  case noHandlerWaits

  /// The scores of a result are means over courses of means over topics, and those of a course means over its topics.
  case topicsAreMeans
  /// Of several accounts of an event the one with the greatest correction counts, and what was taken back never counts again.
  case correctionsCount
  /// A student is in one cohort within each course, and stands in each cohort with the mastery of the courses within which it was joined.
  case cohortsArePerCourse

  /// How the world broke the law; nil if it holds.
  func breach(in aftermath: Aftermath) -> String? {
    switch self {
    case .everythingSettles: aftermath.chronicle.unsettled.first
    case .answersAreWhole:
      aftermath.chronicle.brokenAnswers.first ?? aftermath.chronicle.dropped.first.map { "event \($0.serial) was dropped" }
    case .acknowledgedIsKept: aftermath.first { EvidenceLaws(aftermath, $0).lost }
    case .nothingIsInvented: aftermath.first { EvidenceLaws(aftermath, $0).invented }
    case .equalCutEqualBytes: aftermath.first { EvidenceLaws(aftermath, $0).unequal }
    case .clocksDestroyNothing: aftermath.first { EvidenceLaws(aftermath, $0).destroyed }
    case .revisionsFormOneLine: aftermath.first { ResultLaws(aftermath, $0).forked }
    case .lastResultIsTheDocument: aftermath.first { ResultLaws(aftermath, $0).outdated }
    case .nothingUnsavedIsSaid: aftermath.first { ResultLaws(aftermath, $0).unsaved }
    case .announcementsAreComplete: aftermath.first { ResultLaws(aftermath, $0).misannounced }
    case .oneIDOneContent: ResultLaws.ambiguous(aftermath)
    case .onlyRefusedAreDead: DeadLetterLaws(aftermath).breach
    case .whatIsForeignIsKept: DeadLetterLaws(aftermath).unkept
    case .foreignIsLeftAlone: aftermath.first { ForeignLaws(aftermath, $0).breach }
    case .queriesAreTrue: RequestLaws(aftermath).untrue
    case .ingestedIsPublished: RequestLaws(aftermath).unpublished
    case .erasedStaysErased: aftermath.first { ErasureLaws(aftermath, $0).revived }
    case .erasuresAreFinished: aftermath.first { ErasureLaws(aftermath, $0).unfinished }
    case .consentIsHeeded: aftermath.first { ConsentLaws(aftermath, $0).breach }
    case .accessesAreOnRecord: RecordLaws(aftermath).unrecorded
    case .forgottenIsNotDead: RecordLaws(aftermath).spokenOf
    case .standingsAreTheDocuments: StandingLaws(aftermath).miscounted
    case .batchesAreWhole: BatchLaws(aftermath).untrue ?? aftermath.first { BatchLaws(aftermath).revived($0) }
    case .nobodyIsHeldUp: PatienceLaws(aftermath).heldUp
    case .revisionsAreSaid: aftermath.first { ResultLaws(aftermath, $0).unsaid }
    case .topicsAreMeans: aftermath.first { ResultLaws(aftermath, $0).uneven }
    case .correctionsCount: aftermath.first { EvidenceLaws(aftermath, $0).uncorrected }
    case .cohortsArePerCourse:
      aftermath.first { ResultLaws(aftermath, $0).misplaced } ?? StandingLaws(aftermath).misplaced
    case .noHandlerWaits: aftermath.chronicle.rests.first
    }
  }
}
