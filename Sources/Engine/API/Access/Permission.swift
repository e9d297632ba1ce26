internal import MasteryCore

/// Whether a caller may make a request, decided in one place and from plain values.
enum Permission: Hashable, Sendable {
  case allowed
  /// The resource exists but is not accessible to this caller.
  case forbidden
  /// For this caller the resource does not exist.
  case notFound

  /// Decides whether a caller may make a request with the given audience.
  ///
  /// The decision does not depend on whether the student exists, so an unauthorised caller learns nothing about that.
  ///
  /// - Parameters:
  ///   - caller: The caller.
  ///   - audience: Who may make the request.
  ///   - subject: The student that it is about; nil if there is none.
  init(_ caller: Caller, asking audience: AccessPolicy, about subject: StudentID?) {
    switch audience.reach(of: caller.role) {
    case .nobody: self = .forbidden
    case .everybody: self = .allowed
    case .own: self = subject.map(caller.isResponsible) ?? true ? .allowed : .forbidden
    }
  }

  /// Decides whether a caller may act for a school: another school does not exist for the caller.
  ///
  /// - Parameters:
  ///   - schools: The schools that the caller's token covers.
  ///   - named: The school named in the request; nil if there is none.
  init(_ schools: SchoolScope, naming named: SchoolID?) {
    switch (schools, named) {
    case (_, nil), (.every, _): self = .allowed
    case (.one(let own), let named?) where own == named: self = .allowed
    case (.one, _), (.none, _): self = .notFound
    }
  }
}

extension Caller {
  /// Whether a student is the caller or one of the caller's students.
  fileprivate func isResponsible(for student: StudentID) -> Bool {
    role == .teacher ? students.contains(student) : StudentID(subject) == student
  }
}
