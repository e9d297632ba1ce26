/// What must hold once everything has come to rest, whatever went wrong before.
public enum Law: String, CaseIterable, Sendable {
  /// Once nothing goes wrong any more, everything settles in bounded time and steps.
  case everythingSettles
  /// Every answer to a delivery has exactly one status for each entry, and none gives up.
  case answersAreWhole
  /// The effect of every acknowledged event is in the evidence.
  case acknowledgedIsKept
  /// Every piece of a document's evidence is in an event.
  case nothingIsInvented
  /// For the same cutoff the same events give the same evidence, byte for byte.
  case equalCutEqualBytes
  /// The revisions of a document follow each other without a gap or a fork.
  case revisionsFormOneLine
  /// For each student the result with the highest (epoch, revision) matches the document.
  case lastResultIsTheDocument
  /// Nothing is published of a revision that was not saved.
  case nothingUnsavedIsSaid
  /// One id never has two contents.
  case oneIDOneContent
  /// Threshold and path announcements are exactly those between saved revisions.
  case announcementsAreComplete
  /// The dead letters hold exactly the events that must be refused or that their document cannot take.
  case onlyRefusedAreDead
  /// A message that is not an event and was taken out of the dead letters is kept, byte for byte.
  case whatIsForeignIsKept
  /// A wrong clock removes nothing that the right one would have kept.
  case clocksDestroyNothing
  /// Documents of later releases and damaged ones are left as they are, and fields of the next release are kept.
  case foreignIsLeftAlone
  /// A query is answered with what was in the store while it was asked.
  case queriesAreTrue
  /// An event accepted over HTTP is at the broker, and an unacceptable one is refused at once.
  case ingestedIsPublished
  /// Nothing from before an erasure comes back, in the document or beside it.
  case erasedStaysErased
  /// An erasure that was begun is finished.
  case erasuresAreFinished
  /// Nothing is stored while consent is withdrawn, and it stays withdrawn until the student says otherwise.
  case consentIsHeeded
  /// Every access to a student's data is on record, once.
  case accessesAreOnRecord
  /// No dead letter speaks of what was to be forgotten.
  case forgottenIsNotDead
  /// The standings in cohorts match a recount of the documents.
  case standingsAreTheDocuments
  /// Every batch is done, with each student once, as a document was meanwhile; erased students are forgotten.
  case batchesAreWhole
  /// The trouble of one student or one event never holds up another student for longer than 5 s.
  case nobodyIsHeldUp
  /// Every saved revision is published, or a later result stands for it too.
  case revisionsAreSaid
  /// Between a delivery and its answer a handler waits only for calls to the sidecar, for turns, and for a pause after a failed call.
  case noHandlerWaits

  /// How a world broke it; nil if it holds.
  func breach(in aftermath: Aftermath) -> String? {
    switch self {
    case .everythingSettles: aftermath.chronicle.unsettled.first
    case .answersAreWhole:
      aftermath.chronicle.brokenAnswers.first ?? aftermath.chronicle.dropped.first.map { "event \($0.serial) was given up" }
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
    case .noHandlerWaits: aftermath.chronicle.rests.first
    }
  }
}
