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

  /// The outcome of a document or its absence, for a course or for all of them together.
  init(_ document: Result<StudentDocument, Problem>, in course: CourseID? = nil) {
    switch document.flatMap({ document in
      Result { () throws(Problem) in (document, try document.scope(of: course)) }
    }) {
    case .success(let (document, scope)): self = .mastery(ShownMastery(document.evidence.mastery(of: scope)))
    case .failure(let problem): self = .failure(code: problem.code.rawValue, message: problem.message)
    }
  }
}
