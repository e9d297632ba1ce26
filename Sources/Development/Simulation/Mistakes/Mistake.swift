/// A fault planted into a replica to check that the laws find it.
///
/// The service's own code is never changed, only what it sees and does at its boundaries.
public enum Mistake: String, CaseIterable, Sendable {
  // At the sidecar: reading.
  /// An entry with `error` is treated as a student without a document.
  case errorIsEmpty
  /// A document of a later release is treated as one of this release.
  case futureIsPresent
  /// A damaged document is treated as missing.
  case damagedIsEmpty
  /// A bulk get with an empty body is treated as an outage.
  case emptyAnswerIsOutage
  /// A connection that closes without an answer is treated as an outage.
  case closedIsOutage
  /// An unreadable value is treated as missing.
  case unreadableIsAbsent
  /// After a conflict, only the ETag is read again, not the document.
  case staleAfterConflict
  /// Announcements come from memory, so those that wait in the stored document are missed.
  case announcementsFromMemory
  // At the sidecar: writing.
  /// Documents are written regardless of their ETag.
  case noETag
  /// New documents overwrite existing ones.
  case firstWriteForgotten
  /// A conflict is treated as a successful save.
  case conflictIsSaved
  /// A save without an answer is treated as successful.
  case lostSaveIsDone
  /// Of two events with the same time, the one that arrived first wins.
  case tieByArrival
  /// Values from before the cutoff are not written.
  case baselineDropped
  /// The outbox is emptied before its announcements are known to be published.
  case outboxEmptiedEarly
  /// Fields unknown to this release are not written.
  case unknownFieldsDropped
  /// Ids stand in state keys as they are.
  case keysNotEncoded
  // At the sidecar: publishing.
  /// Results are published before their documents are saved.
  case publishedBeforeSaved
  /// The broker's answer is ignored.
  case halfPublishedIsWhole
  /// Dead letters are published without waiting for the broker to accept them.
  case deadLetterNotAwaited
  /// An event that fails for one student alone is retried in place instead of being deferred.
  case oneBadKeyIsRetry
  /// Results do not say which revisions they cover.
  case revisionsNotSaid
  /// Results are published only if this delivery has changed something.
  case unchangedIsNotSaid
  /// Event ids do not include the epoch.
  case idsWithoutEpoch
  // At the sidecar: students' rights.
  /// A fold does not check whether the student was erased.
  case tombstoneNotSeen
  /// A new life does not record the erasure before it.
  case erasureNotCarried
  /// An erasure's remaining work is treated as done.
  case nothingLeftToClean
  /// Everything outside the document is cleaned before the tombstone is written.
  case cleanedBeforeTombstone
  /// Non-document values are written regardless of their ETag.
  case asideWithoutETag
  /// An erasure does not begin a new epoch.
  case erasedEpochKept
  /// Consent comes from memory, not from the stored document.
  case consentFromMemory
  /// A document expires although consent is withdrawn.
  case withdrawalExpires
  // At the sidecar: standings and batches.
  /// The last update counts as a student's standing, whatever its epoch and revision.
  case standingWithoutVersion
  /// Updates of standings omit the cohorts that a student has left.
  case leaverStays
  /// A finished chunk is processed again, and its students are added to the existing ones.
  case chunkCountedTwice
  // At the sidecar: courses, topics and corrections.
  /// Evidence is merged without its topic: of each course only one topic's is left.
  case topicForgotten
  /// The number of a stored correction is ignored, so that an earlier account that arrives later counts.
  case correctionByArrival
  /// A retraction removes what it takes back but is not remembered, so that the event comes back when it arrives again.
  case retractionNotRemembered
  /// Of the days before the cutoff only the latest is written, so that nothing is left when it is taken back.
  case earlierDayDropped
  /// The cohort that was joined last overwrites those of other courses.
  case cohortOfCourseOverwritten
  /// Students stand in their cohorts with the mastery of all their courses.
  case cohortStandsAsSchool
  /// Results name the mastery of everything as that of each course.
  case courseHasWholeScore
  // At the settings.
  /// Days are those of the machine's zone, not of the school's.
  case machineZone
  // At the request handler.
  /// Erasure requests from the broker are acknowledged but not processed.
  case erasureNotResumed
  /// Deliveries are acknowledged before they are processed.
  case acknowledgedFirst
  /// Of several failed entries, only the first is retried.
  case onlyFirstRetried
  /// Failed entries go to the dead letters instead of being redelivered.
  case failedIsDropped
  /// Dead letters are acknowledged but not stored.
  case deadLetterNotKept
  /// A handler sleeps briefly before it processes a delivery.
  case handlerSleeps

  /// Whether it is planted at the request handler, not at the sidecar.
  var isAtDoor: Bool {
    [.acknowledgedFirst, .onlyFirstRetried, .failedIsDropped, .erasureNotResumed, .deadLetterNotKept, .handlerSleeps].contains(self)
  }
}
