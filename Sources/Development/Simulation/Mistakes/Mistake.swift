/// A fault planted into how a replica works, to check that the laws find it: the service's own code is never touched, only what it sees and
/// does at its edges.
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
  /// An unreadable value is taken for none.
  case unreadableIsAbsent
  /// After a conflict only the ETag is read again, not the document.
  case staleAfterConflict
  /// Announcements are taken from memory, so those that wait in the stored document are missed.
  case announcementsFromMemory
  // At the sidecar: writing.
  /// Documents are written whatever their ETag is.
  case noETag
  /// New documents are written over existing ones.
  case firstWriteForgotten
  /// A conflict is taken for a save.
  case conflictIsSaved
  /// A save without an answer is taken for done.
  case lostSaveIsDone
  /// Of two events with the same time, the one that came first stays.
  case tieByArrival
  /// Values from before the cutoff are not written.
  case baselineDropped
  /// The outbox is emptied before its announcements are known to be published.
  case outboxEmptiedEarly
  /// Fields unknown to this release are not written.
  case unknownFieldsDropped
  // At the sidecar: publishing.
  /// Results are published before their documents are saved.
  case publishedBeforeSaved
  /// The broker's answer is not looked at.
  case halfPublishedIsWhole
  /// Dead letters are published without waiting for the broker to accept them.
  case deadLetterNotAwaited
  /// An event that fails for one student alone is retried in place, not put aside.
  case oneBadKeyIsRetry
  /// Results do not say which revisions they stand for.
  case revisionsNotSaid
  /// Results are published only if this very delivery has changed something.
  case unchangedIsNotSaid
  /// Ids are made without the epoch.
  case idsWithoutEpoch
  // At the sidecar: students' rights.
  /// A fold does not check whether the student was erased.
  case tombstoneNotSeen
  /// A new life does not record the erasure before it.
  case erasureNotCarried
  /// An erasure's remaining work is taken for done.
  case nothingLeftToClean
  /// The places beside the document are cleaned before the tombstone is written.
  case cleanedBeforeTombstone
  /// Values beside documents are written whatever their ETag is.
  case asideWithoutETag
  /// An erasure does not begin a new epoch.
  case erasedEpochKept
  /// Consent is taken from memory, not from the stored document.
  case consentFromMemory
  /// A document expires although consent is withdrawn.
  case withdrawalExpires
  // At the sidecar: standings and batches.
  /// The last update counts as a student's standing, whatever its epoch and revision.
  case standingWithoutVersion
  /// Updates of standings do not name the cohorts that a student has left.
  case leaverStays
  /// A finished chunk is processed again, and its students are added to the ones that are there.
  case chunkCountedTwice
  // At the request handler.
  /// Requests to erase from the broker are acknowledged and not processed.
  case erasureNotResumed
  /// Deliveries are acknowledged before they are processed.
  case acknowledgedFirst
  /// Of several failed entries only the first is retried.
  case onlyFirstRetried
  /// Failed entries go to the dead letters instead of coming again.
  case failedIsDropped
  /// Dead letters are acknowledged and not kept.
  case deadLetterNotKept
  /// A delivery is held for a moment before it is processed.
  case handlerSleeps

  /// Whether it is made at the request handler and not at the sidecar.
  var isAtDoor: Bool {
    [.acknowledgedFirst, .onlyFirstRetried, .failedIsDropped, .erasureNotResumed, .deadLetterNotKept, .handlerSleeps].contains(self)
  }
}
