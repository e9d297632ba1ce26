internal import Encodings
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
    school.stateKey("student:\(student.text.inStateKey):\(what)")
  }
}

extension StudentDocument {
  /// The document's key.
  var key: StudentKey { StudentKey(school: school, student: student) }
}

extension SchoolID? {
  /// A state key of the school's data, or of data without a school.
  func stateKey(_ own: String) -> String { map { "school:\($0.text.inStateKey):\(own)" } ?? own }
}

extension String {
  /// An id as a part of a state key: all but letters, digits, `_` and `-` is percent-encoded, so that no id looks like several parts.
  var inStateKey: String {
    PercentCoding.encode(self) { $0.isLetterOrDigit || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") }
  }
}
