internal import MasteryCore

/// Whether a caller may do what it asks: decided here alone, from values alone.
enum Permission: Hashable, Sendable {
  case allowed
  /// There is such a thing, and it is not for this caller.
  case forbidden
  /// For this caller there is no such thing.
  case notFound

  /// Decides on asking something that an audience may ask.
  ///
  /// Whether the student exists is not asked: who may not ask about a student learns nothing of that.
  ///
  /// - Parameters:
  ///   - caller: Who asks.
  ///   - audience: Who may ask it.
  ///   - subject: Whom it is about; nil when about nobody.
  init(_ caller: Caller, asking audience: AccessPolicy, about subject: StudentID?) {
    switch audience.reach(of: caller.role) {
    case .nobody: self = .forbidden
    case .everybody: self = .allowed
    case .own: self = subject.map(caller.isResponsible) ?? true ? .allowed : .forbidden
    }
  }

  /// Decides on speaking for a school: one that is not the caller's own does not exist for the caller.
  ///
  /// - Parameters:
  ///   - schools: The schools that the caller's token is for.
  ///   - named: The school that the request names; nil when it names none.
  init(_ schools: SchoolScope, naming named: SchoolID?) {
    switch (schools, named) {
    case (_, nil), (.every, _): self = .allowed
    case (.one(let own), let named?) where own == named: self = .allowed
    case (.one, _), (.none, _): self = .notFound
    }
  }
}

extension Caller {
  /// Whether a student is the caller, or one of the caller's students.
  fileprivate func isResponsible(for student: StudentID) -> Bool {
    role == .teacher ? students.contains(student) : StudentID(subject) == student
  }
}
