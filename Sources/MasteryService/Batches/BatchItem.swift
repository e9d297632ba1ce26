internal import JSON
internal import MasteryCore

/// One row of a batch: a student, or what is wrong with the row.
struct BatchItem: Hashable, Sendable {
  /// Whom it is about; nil where a faulty row names nobody.
  let student: StudentID?
  /// The scores that mastery is worked out of; nil for those that are stored.
  let components: ComponentValues<Score>?
  /// The rule that the row breaks; nil for one that can be worked on.
  ///
  /// What the row says is not in it, since it is kept for days.
  var fault: String?
}

/// What became of one student of a batch.
enum BatchOutcome: Hashable, Sendable {
  /// How the student stands.
  case mastery(ShownMastery)
  /// Why that cannot be said.
  case failure(code: String, message: String)

  /// What a row that breaks a rule comes to.
  init(fault: String) {
    self = .failure(code: Problem.Code.validation.rawValue, message: fault)
  }

  /// What a document, or the lack of one, comes to.
  init(_ document: Result<StudentDocument, Problem>) {
    switch document {
    case .success(let document): self = .mastery(ShownMastery(document.evidence.mastery()))
    case .failure(let problem): self = .failure(code: problem.code.rawValue, message: problem.message)
    }
  }
}

/// A student of a batch with what became of it; nil while that is open.
struct BatchEntry: Hashable, Sendable {
  let item: BatchItem
  let outcome: BatchOutcome?

  var student: StudentID? { item.student }

  /// Whether it tells what is stored of the student.
  var showsStored: Bool {
    if item.components == nil, case .mastery = outcome { true } else { false }
  }
}
