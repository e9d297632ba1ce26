internal import JSON
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

/// The outcome for one student of a batch.
enum BatchOutcome: Hashable, Sendable {
  /// The student's mastery.
  case mastery(ShownMastery)
  /// The reason why there is no mastery.
  case failure(code: String, message: String)

  /// The outcome of an invalid row.
  init(fault: String) {
    self = .failure(code: Problem.Code.validation.rawValue, message: fault)
  }

  /// The outcome of a document or its absence.
  init(_ document: Result<StudentDocument, Problem>) {
    switch document {
    case .success(let document): self = .mastery(ShownMastery(document.evidence.mastery()))
    case .failure(let problem): self = .failure(code: problem.code.rawValue, message: problem.message)
    }
  }
}

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
