import Simulation

/// Short worlds in which planted mistakes are known to have broken the law that forbids them.
///
/// They are tried first, since most worlds do not reveal the mistake. If changes to the service outdate a seed, others are tried, and the
/// mistake is still found, only later.
enum KnownSeeds {
  /// The seed for each planted mistake.
  static let breaking: [Mistake: UInt64] = [
    .acknowledgedFirst: 409, .announcementsFromMemory: 1, .asideWithoutETag: 72, .baselineDropped: 3, .chunkCountedTwice: 345,
    .cleanedBeforeTombstone: 3, .closedIsOutage: 352, .cohortOfCourseOverwritten: 301, .cohortStandsAsSchool: 433, .conflictIsSaved: 99,
    .consentFromMemory: 23, .correctionByArrival: 469, .courseHasWholeScore: 409, .damagedIsEmpty: 1, .deadLetterNotAwaited: 759,
    .deadLetterNotKept: 0, .earlierDayDropped: 41, .emptyAnswerIsOutage: 5, .erasedEpochKept: 132, .erasureNotCarried: 26,
    .erasureNotResumed: 186, .errorIsEmpty: 7, .failedIsDropped: 0, .firstWriteForgotten: 581, .futureIsPresent: 21,
    .halfPublishedIsWhole: 147, .handlerSleeps: 0, .idsWithoutEpoch: 15, .keysNotEncoded: 3, .leaverStays: 5, .lostSaveIsDone: 40,
    .machineZone: 4, .noETag: 99, .nothingLeftToClean: 3, .oneBadKeyIsRetry: 332, .onlyFirstRetried: 39, .outboxEmptiedEarly: 411,
    .publishedBeforeSaved: 0, .retractionNotRemembered: 409, .revisionsNotSaid: 411, .staleAfterConflict: 39,
    .standingWithoutVersion: 338, .tieByArrival: 16, .tombstoneNotSeen: 3, .topicForgotten: 409, .unchangedIsNotSaid: 41,
    .unknownFieldsDropped: 0, .unreadableIsAbsent: 2, .withdrawalExpires: 196,
  ]
}
