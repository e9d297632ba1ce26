import Simulation

/// Short worlds in which planted mistakes broke a law when somebody looked last.
///
/// They are tried first, since most worlds are looked at in vain. Where the service has changed so much that they tell another story,
/// others are tried, and the mistake is found all the same, only later.
enum KnownSeeds {
  /// By the mistake that is planted.
  static let breaking: [Mistake: UInt64] = [
    .announcementsFromMemory: 1, .closedIsOutage: 2, .conflictIsSaved: 32, .damagedIsEmpty: 1, .emptyAnswerIsOutage: 5, .errorIsEmpty: 7,
    .firstWriteForgotten: 32, .futureIsPresent: 21, .lostSaveIsDone: 40, .noETag: 99, .staleAfterConflict: 39, .tieByArrival: 16,
    .unreadableIsAbsent: 2,
  ]

  /// By the law that its mistake breaks.
  static let breakingLaw: [Law: UInt64] = [
    .announcementsAreComplete: 1, .foreignIsLeftAlone: 21, .queriesAreTrue: 7, .revisionsFormOneLine: 32,
  ]
}
