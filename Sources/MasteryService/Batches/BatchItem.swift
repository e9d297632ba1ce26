internal import JSON
internal import MasteryCore

/// One student of a batch.
struct BatchItem: Hashable, Sendable {
  let student: StudentID
  /// The scores that mastery is worked out of; nil for those that are stored.
  let components: ComponentValues<Score>?
}

/// What became of one student of a batch.
enum BatchOutcome: Hashable, Sendable {
  /// How the student stands.
  case mastery(ShownMastery)
  /// Why that cannot be said.
  case failure(code: String, message: String)

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

  var student: StudentID { item.student }

  /// Whether it tells what is stored of the student.
  var showsStored: Bool {
    if item.components == nil, case .mastery = outcome { true } else { false }
  }
}
