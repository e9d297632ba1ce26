public import MasteryCore

/// A student within a school; students of different schools are different, whatever their ids.
public struct StudentKey: Hashable, Sendable {
  /// The school; nil for data without one.
  public let school: SchoolID?
  /// The student.
  public let student: StudentID

  /// Creates a key.
  public init(school: SchoolID?, student: StudentID) {
    self.school = school
    self.student = student
  }

  /// The state key of the student document.
  public var documentKey: String { stateKey("profile:current_mastery") }

  /// A state key of the student's data.
  func stateKey(_ what: String) -> String {
    school.stateKey("student:\(student.text):\(what)")
  }
}

extension StudentDocument {
  /// The document's key.
  var key: StudentKey { StudentKey(school: school, student: student) }
}

extension SchoolID? {
  /// A state key of the school's data, or of data without a school.
  func stateKey(_ own: String) -> String { map { "school:\($0.text):\(own)" } ?? own }
}
