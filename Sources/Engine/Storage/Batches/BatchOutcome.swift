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
    do throws(Problem) {
      let document = try document.get()
      self = .mastery(ShownMastery(document.evidence.mastery(of: try document.scope(of: course))))
    } catch {
      self = .failure(code: error.code.rawValue, message: error.message)
    }
  }
}
