internal import MasteryCore

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
