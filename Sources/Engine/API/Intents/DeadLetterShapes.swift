internal import JSON
internal import MasteryCore
internal import Schemas

// The form of kept dead letters in answers.

extension KeptDeadLetter {
  /// What a letter is about, and why it failed.
  static let shape = ObjectShape<Self>("DeadLetter", "an event that could not be taken in, and is kept") {
    Member.all(of: members) { $0 }
  }

  /// The members of a letter.
  static let members = ObjectShape<Self> {
    Member.all(of: address) { $0 }
    Member.optional("original_event_type", .text(), "the type that the event named") { $0.cause.eventType }
    Member("original_topic", .text(), "the topic that it came from") { $0.cause.topic }
    Member.optional("original_time", .moment, "when it happened") { $0.happenedAt }
    Member("is_whole", .boolean, "whether the whole event is kept; if not, it can only be replayed repaired") { $0.isWhole }
    Member("retry_count", .count, "how often it came from mastery.retry before it failed; a replay counts") { $0.retries }
    Member("error_type", .text(), "validation_error, or processing_error where the event keeps the rules") { $0.cause.errorType }
    Member("error_message", .text(), "what is wrong, in a sentence") { $0.message }
    Member("cause", .text(), "the name of its cause") { $0.cause.id }
    Member.optional("replayed_at", .moment, "when it was replayed") { $0.replayed?.at }
    Member.optional("replayed_by", .text(), "who replayed it") { $0.replayed?.by }
  }

  /// Which letter it is.
  static let address = ObjectShape<Self> {
    Member("event_id", Shape<String>(.eventID) { $1.string($0) }, "the event's id, which names the letter") { $0.id }
    Member.optional("student_id", .id, "the student") { $0.owner?.student }
    Member("failed_at", .moment, "when it failed") { $0.failedAt }
  }

  /// A letter as it is kept: the event that was published for it, with its original and its mark.
  static let content = Shape<[UInt8]>.written(
    .object(
      ObjectSchema(
        "DeadLetterContent", "a dead letter as it is kept", isOpen: true,
        FailedEvent.shape.declaration.data.properties + [
          .init("event", .anything, "the original event, where that is a JSON object", isRequired: false),
          .init("replayed_at", .moment, "when it was replayed", isRequired: false),
          .init("replayed_by", .text(TextForm()), "who replayed it", isRequired: false),
          .init("replayed_repaired", .boolean, "that the event was repaired for it", isRequired: false),
        ])))
}

extension DeadLetterGroup {
  /// How many letters have the same cause, and which.
  static let shape = ObjectShape<Self>("DeadLetterCause", "dead letters of one cause") {
    Member("cause", .text(), "the name of the cause, the same at any time") { $0.cause.id }
    Member("error_type", .text(), "validation_error, or processing_error where the events keep the rules") { $0.cause.errorType }
    Member("rule", .text(), "what is wrong, without the values of a single event") { $0.cause.rule }
    Member.optional("original_event_type", .text(), "the type that the events named") { $0.cause.eventType }
    Member("original_topic", .text(), "the topic that they came from") { $0.cause.topic }
    Member("letters", .count, "the number of letters") { $0.count }
    Member("replayed", .count, "how many of them have been replayed") { $0.replayed }
    Member("first_failed_at", .moment, "the earliest failure") { $0.first }
    Member("last_failed_at", .moment, "the latest failure") { $0.last }
  }
}

extension ReplayedDeadLetter {
  /// What became of a letter that was to be replayed.
  static let shape = ObjectShape<Self>("ReplayedDeadLetter", "what became of a dead letter that was to be replayed") {
    Member.all(of: KeptDeadLetter.address) { $0.letter }
    Member.all(of: Fate.members) { $0.fate }
    Member("is_marked", .boolean, "whether the letter is marked as replayed") { $0.isMarked }
  }
}

extension ReplayedDeadLetter.Fate {
  /// What became of an event.
  static let members = ObjectShape<Self> {
    Member("fate", .word, "what became of the event") { $0.name }
    Member.optional("reason", .text(), "why, in a sentence") { $0.reason }
  }
}
