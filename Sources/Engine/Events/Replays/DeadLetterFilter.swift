public import MasteryCore

/// Which of the kept dead letters are meant: those that agree with every property that is given.
public struct DeadLetterFilter: Sendable, Hashable {
  /// The ids of the events; nil for all.
  public var events: Set<String>?
  /// The earliest time of failure.
  public var from: Timestamp?
  /// The type as named in the events.
  public var eventType: String?
  /// The id of the cause.
  public var cause: String?
  /// The student.
  public var student: StudentID?
  /// Whether letters are meant that have been replayed already.
  public var includesReplayed = false

  /// Creates a filter that takes all letters that have not been replayed.
  public init() {}

  func takes(_ letter: KeptDeadLetter) -> Bool {
    events?.contains(letter.id) ?? true && from.map { letter.failedAt >= $0 } ?? true
      && eventType.map { letter.cause.eventType == $0 } ?? true && student.map { letter.owner?.student == $0 } ?? true
      && (includesReplayed || letter.replayed == nil) && cause.map { letter.cause.id == $0 } ?? true
  }
}
