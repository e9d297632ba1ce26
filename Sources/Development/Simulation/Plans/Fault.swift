/// What can go wrong in a simulated world.
public enum Fault: String, CaseIterable, Sendable {
  // Reading.
  /// A bulk read fails before anything is read.
  case loadFails
  /// The answer to a bulk read is lost.
  case loadAnswerLost
  /// One entry of a bulk read has an `error`.
  case keyFailsOnce
  /// The connection of a read closes without an answer, for no reason.
  case connectionCloses
  // Saving.
  /// A save fails before anything is written.
  case saveFails
  /// A save takes effect, but its answer is lost.
  case saveAnswerLost
  /// A save takes effect after its caller has given up.
  case saveComesLate
  /// A save reports a conflict, for no reason.
  case saveConflicts
  /// Only some of a save's items are written.
  case saveHalfDone
  /// The store refuses one document with 400, for a while.
  case saveRefused
  // Publishing.
  /// The broker accepts nothing of a bulk publish.
  case publishFails
  /// A bulk publish takes effect, but its answer is lost.
  case publishAnswerLost
  /// A bulk publish takes effect after its caller has given up.
  case publishComesLate
  /// The broker accepts only part of a bulk publish.
  case publishHalfDone
  // Outages.
  /// The store is down for a while.
  case storeOutage
  /// The broker accepts nothing for a while.
  case brokerOutage
  /// A replica's sidecar is unreachable for a while.
  case sidecarOutage
  /// A replica's sidecar stops and another one takes its place: its API closes and its bulk deliveries are cut off at once.
  case sidecarEnds
  // Deliveries.
  /// A delivery is made to two replicas at once, or twice to one.
  case deliveredTwice
  /// A delivery is delayed while other partitions proceed.
  case deliveryDelayed
  /// A delivery is repeated while it is still in progress.
  case deliveryGivenUp
  /// A replica's acknowledgement is lost, so the delivery is repeated.
  case acknowledgementLost
  /// An event is published long after events that it should precede.
  case eventOvertaken
  /// A publisher publishes an event again.
  case publishedTwice
  /// A publisher corrects an event, perhaps before or long after it arrives.
  case eventCorrected
  /// A publisher takes an event back, perhaps before or long after it arrives.
  case eventRetracted
  /// Somebody publishes a message that is not a JSON object.
  case foreignMessage
  /// An update of standings is delivered again, perhaps after later ones.
  case standingsRepeated
  // Replicas.
  /// A replica is killed: its memory is lost, and another one takes its place.
  case replicaKilled
  /// A replica is killed after it has saved, when it is about to publish.
  case replicaKilledAtWork
  /// A save that a replica made before it was killed still takes effect.
  case callOutlivesReplica
  /// A replica freezes for a while, then resumes.
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
  /// A replica of the next release writes a document with fields of its own.
  case nextSchema
  /// A document is damaged.
  case unreadableDocument
  /// Another writer replaces a document with something that is not JSON.
  case foreignValue
  /// Documents are encrypted under a key whose name is lost.
  case encryptionKeyGone
  /// Documents are encrypted under a key whose bytes have changed.
  case encryptionKeyChanged
  /// A non-document value becomes unreadable: an audit trail, a shard of standings, a batch, or stored dead letters.
  case asideUnreadable
  /// A replica of an earlier release saves a document as a JSON value, not as a string.
  case savedAsValue
  /// A key becomes unreadable for good.
  case keyFailsForGood
  /// A key is unreadable for some seconds, several times with long gaps.
  case keyFailsNowAndThen
  /// Nothing happens for longer than documents live.
  case longBreak
  // Rights.
  /// A student is erased while everything is running.
  case studentErased
  /// A student is erased again.
  case erasedAgain
  /// A student's consent is withdrawn.
  case consentWithdrawn
  /// A student's consent is given.
  case consentGiven
  /// An operator replays a dead letter.
  case deadLetterReplayed
  /// A replica is killed while it writes a non-document value: an audit trail, stored dead letters, or what an erasure cleans.
  case replicaKilledAside
  /// A write of a non-document value takes effect after its caller has given up.
  case asideComesLate

  /// When a fault strikes.
  enum Trigger: Hashable, Sendable {
    /// At the nth call of that kind, in the whole world.
    case load, save, publish, delivery, acknowledgement
    /// At the nth save of non-document keys.
    case aside
    /// At a given moment.
    case time
    /// As part of the plan itself.
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
    case .eventOvertaken, .publishedTwice, .eventCorrected, .eventRetracted, .foreignMessage, .standingsRepeated, .clockAhead, .clockBehind,
      .clockYearAhead,
      .clockYearBehind, .longBreak,
      .studentErased, .erasedAgain, .consentWithdrawn, .consentGiven:
      .plan
    }
  }

  /// Whether it strikes a single key while others work, so that nobody else has to wait.
  var isOfOneKey: Bool { self == .keyFailsOnce || self == .saveConflicts || self == .saveHalfDone }

  /// Whether it strikes only in worlds in which students use their rights.
  var isOfRights: Bool { self == .deadLetterReplayed || trigger == .aside }

  /// The number of students' documents that one incident strikes: a lost encryption key takes more than one with it.
  var documents: Int { self == .encryptionKeyGone || self == .encryptionKeyChanged ? 4 : 1 }
}
