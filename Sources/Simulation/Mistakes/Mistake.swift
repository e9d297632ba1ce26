/// A fault planted into how a replica works, to see that the laws find it: the service's own code is never touched, only what it
/// sees and does at its edges.
public enum Mistake: String, CaseIterable, Sendable {
  // At the sidecar: reading.
  /// An entry with `error` is taken for a student without a document.
  case errorIsEmpty
  /// A document of a later release is taken for one of this release.
  case futureIsPresent
  /// A document that cannot be read is taken for none.
  case damagedIsEmpty
  /// A bulk get without a body is taken for an outage.
  case emptyAnswerIsOutage
  /// A connection that is closed without an answer is taken for an outage.
  case closedIsOutage
  /// A value that nobody can read is taken for none.
  case unreadableIsAbsent
  /// After a conflict only the ETag is read again, not the document.
  case staleAfterConflict
  /// Announcements are taken from memory: those that wait in the stored document are not seen.
  case announcementsFromMemory
  // At the sidecar: writing.
  /// Documents are written whatever ETag stands.
  case noETag
  /// New documents are written whatever stands there.
  case firstWriteForgotten
  /// A conflict is taken for a save.
  case conflictIsSaved
  /// A save without an answer is taken for done.
  case lostSaveIsDone
  /// Where two events have the same time, the one that came first stays.
  case tieByArrival
  /// What is known from before the cut is not written.
  case baselineDropped
  /// The outbox is emptied before its announcements were seen published.
  case outboxEmptiedEarly
  /// Fields that this release does not know are not written.
  case unknownFieldsDropped
  // At the sidecar: publishing.
  /// Results are published before their documents are saved.
  case publishedBeforeSaved
  /// What the broker took is not looked at.
  case halfPublishedIsWhole
  /// Dead letters are published without waiting whether the broker takes them.
  case deadLetterNotAwaited
  /// What fails for one student alone is asked for again where it is, not put aside.
  case oneBadKeyIsRetry
  /// Results do not say which revisions they stand for.
  case revisionsNotSaid
  /// Results are published only where this very delivery has changed something.
  case unchangedIsNotSaid
  /// Ids are made without the epoch.
  case idsWithoutEpoch
  // At the sidecar: students' rights.
  /// A fold does not look whether the student was erased.
  case tombstoneNotSeen
  /// A new life does not say that there was an erasure before it.
  case erasureNotCarried
  /// What an erasure has still to clean is taken for clean.
  case nothingLeftToClean
  /// The places beside the document are cleaned first, and then the tombstone is written.
  case cleanedBeforeTombstone
  /// What stands beside documents is written whatever ETag stands.
  case asideWithoutETag
  /// An erasure does not begin a new epoch.
  case erasedEpochKept
  /// Consent is taken from memory, not from the stored document.
  case consentFromMemory
  /// A document ends with its time although consent is withdrawn.
  case withdrawalExpires
  // At the sidecar: standings and batches.
  /// What comes last is how a student stands, whatever its epoch and revision.
  case standingWithoutVersion
  /// What standings learn does not name the cohorts that a student has left.
  case leaverStays
  /// A chunk that is done is worked on again, and its students are added to those that are there.
  case chunkCountedTwice
  // At the door.
  /// Requests to erase that the broker brings are acknowledged and not worked off.
  case erasureNotResumed
  /// Deliveries are acknowledged before they are worked off.
  case acknowledgedFirst
  /// Of several entries that failed only the first is asked for again.
  case onlyFirstRetried
  /// What failed goes to the dead letters instead of coming again.
  case failedIsDropped
  /// What the dead letters bring is acknowledged and not kept.
  case deadLetterNotKept
  /// A delivery is gathered for a moment before it is worked off.
  case handlerSleeps

  /// Whether it is made at the door and not at the sidecar.
  var isAtDoor: Bool {
    [.acknowledgedFirst, .onlyFirstRetried, .failedIsDropped, .erasureNotResumed, .deadLetterNotKept, .handlerSleeps].contains(self)
  }
}
