internal import MasteryCore

/// A student of a batch with its outcome; nil while unprocessed.
struct BatchEntry: Hashable, Sendable {
  let item: BatchItem
  let outcome: BatchOutcome?

  var student: StudentID? { item.student }

  /// Whether it reveals what is stored about the student.
  var showsStored: Bool {
    if item.components == nil, case .mastery = outcome { true } else { false }
  }
}
