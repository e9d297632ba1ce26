internal import MasteryCore

/// One row of a batch: a student, or the fault of the row.
struct BatchItem: Hashable, Sendable {
  /// The student; nil if a faulty row names none.
  let student: StudentID?
  /// The scores to compute mastery from; nil to use the stored ones.
  let components: ComponentValues<Score>?
  /// The rule that the row breaks; nil for a valid row.
  ///
  /// It does not contain the row's own text, because it is stored for days.
  var fault: String?
}
