/// What can go wrong in a simulated world.
public enum Fault: String, CaseIterable, Sendable {
  // Reading.
  /// A bulk read fails before anything is read.
  case loadFails
  /// The answer to a bulk read does not come in time.
  case loadAnswerLost
  /// One entry of a bulk read has an `error`.
  case keyFailsOnce
  /// The connection of a read closes without an answer, for no reason.
  case connectionCloses
  // Saving.
  /// A save fails before anything is written.
  case saveFails
  /// A save takes effect, and its answer does not come in time.
  case saveAnswerLost
  /// The caller has given up when a save takes effect.
  case saveComesLate
  /// A save reports a conflict, for no reason.
  case saveConflicts
  /// Some of a save's items are written.
  case saveHalfDone
  /// The store refuses one document with 400, for a while.
  case saveRefused
  // Publishing.
  /// The broker accepts nothing of a bulk publish.
  case publishFails
  /// A bulk publish takes effect, and its answer does not come in time.
  case publishAnswerLost
  /// The caller has given up when a bulk publish takes effect.
  case publishComesLate
  /// The broker accepts a part of a bulk publish.
  case publishHalfDone
  // Outages.
  /// The store is down for a while.
  case storeOutage
  /// The broker accepts nothing for a while.
  case brokerOutage
  /// A replica's sidecar is unreachable for a while.
  case sidecarOutage
  /// A replica's sidecar stops and another one takes its place: its API closes at once, and bulk deliveries are cut.
  case sidecarEnds
  // Deliveries.
  /// A delivery is made to two replicas at once, or twice to one.
  case deliveredTwice
  /// A delivery waits while other partitions go on.
  case deliveryDelayed
  /// A delivery comes again while it is still in progress.
  case deliveryGivenUp
  /// A replica's acknowledgement is lost, and the delivery comes again.
  case acknowledgementLost
  /// An event is published long after those that it should precede.
  case eventOvertaken
  /// A publisher publishes an event again.
  case publishedTwice
  /// Somebody publishes a message that is not a JSON object.
  case foreignMessage
  /// An update of standings comes again, perhaps after later ones.
  case standingsRepeated
  // Replicas.
  /// A replica is killed: its memory is gone, and another one takes its place.
  case replicaKilled
  /// A replica is killed when it has saved and is about to publish.
  case replicaKilledAtWork
  /// A save that a replica made before it was killed still takes effect.
  case callOutlivesReplica
  /// A replica freezes for a while, and goes on.
  case replicaFrozen
  /// A replica joins while others are at work.
  case replicaAdded
  // Clocks.
  /// A replica's clock is up to a minute ahead.
  case clockAhead
  /// A replica's clock is up to a minute behind.
  case clockBehind
  /// A replica's clock is a year ahead.
  case clockYearAhead
  /// A replica's clock is a year behind.
  case clockYearBehind
  // Documents.
  /// A future release rewrites a document, and restores it later.
  case newerSchema
  /// A replica of the next release has written a document, with its own fields.
  case nextSchema
  /// A document is damaged.
  case unreadableDocument
  /// Another writer puts something that is not JSON in a document's place.
  case foreignValue
  /// A document is encrypted under a key whose name is lost.
  case encryptionKeyGone
  /// A document is encrypted under a key whose bytes have changed.
  case encryptionKeyChanged
  /// A value beside the documents cannot be read any more: a trail, a shard of standings, a batch, kept dead letters.
  case asideUnreadable
  /// A replica of an earlier release saves a document as a JSON value, not as a string.
  case savedAsValue
  /// A key cannot be read any more.
  case keyFailsForGood
  /// A key cannot be read for some seconds, and again much later.
  case keyFailsNowAndThen
  /// Nothing happens for longer than documents live.
  case longBreak
  // Rights.
  /// A student is erased in the middle of everything.
  case studentErased
  /// A student is erased again.
  case erasedAgain
  /// A student's consent is withdrawn.
  case consentWithdrawn
  /// A student's consent is given.
  case consentGiven
  /// An operator sends a dead letter again.
  case deadLetterReplayed
  /// A replica is killed while it writes beside the documents: into a trail, into kept dead letters, or where an erasure cleans.
  case replicaKilledAside
  /// The caller has given up when a write beside the documents takes effect.
  case asideComesLate

  /// When it strikes.
  enum Trigger: Hashable, Sendable {
    /// At the nth call of that kind, in the whole world.
    case load, save, publish, delivery, acknowledgement
    /// At the nth save of keys beside the documents.
    case aside
    /// At a moment.
    case time
    /// It is a part of the plan itself.
    case plan
  }

  var trigger: Trigger {
    switch self {
    case .loadFails, .loadAnswerLost, .keyFailsOnce, .connectionCloses: .load
    case .saveFails, .saveAnswerLost, .saveComesLate, .saveConflicts, .saveHalfDone, .callOutlivesReplica: .save
    case .publishFails, .publishAnswerLost, .publishComesLate, .publishHalfDone, .replicaKilledAtWork: .publish
    case .deliveredTwice, .deliveryDelayed, .deliveryGivenUp: .delivery
    case .acknowledgementLost: .acknowledgement
    case .replicaKilledAside, .asideComesLate: .aside
    case .saveRefused, .storeOutage, .brokerOutage, .sidecarOutage, .sidecarEnds, .replicaKilled, .replicaFrozen, .replicaAdded,
      .newerSchema,
      .nextSchema, .unreadableDocument, .foreignValue, .encryptionKeyGone, .encryptionKeyChanged, .asideUnreadable, .savedAsValue,
      .keyFailsForGood,
      .keyFailsNowAndThen, .deadLetterReplayed:
      .time
    case .eventOvertaken, .publishedTwice, .foreignMessage, .standingsRepeated, .clockAhead, .clockBehind, .clockYearAhead,
      .clockYearBehind, .longBreak,
      .studentErased, .erasedAgain, .consentWithdrawn, .consentGiven:
      .plan
    }
  }

  /// Whether it strikes one key alone while others are well, so that nobody else has to wait for it.
  var isOfOneKey: Bool { self == .keyFailsOnce || self == .saveConflicts || self == .saveHalfDone }

  /// Whether it strikes only in worlds in which students use their rights.
  var isOfRights: Bool { self == .deadLetterReplayed || trigger == .aside }
}
