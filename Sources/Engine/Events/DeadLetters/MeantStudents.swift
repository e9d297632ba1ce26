internal import MasteryCore

/// The possible owners of an event.
struct MeantStudents: Sendable {
  /// Students with a known school.
  var keys: [StudentKey] = []
  /// Students with an unknown school, or with one of several.
  var anywhere: [StudentID] = []
  /// The schools in which those are meant; any if empty.
  var schools: Set<SchoolID> = []
  /// Whether there are too many of them to look each of them up.
  var areTooMany = false

  /// Whether nobody is meant.
  var isEmpty: Bool { keys.isEmpty && anywhere.isEmpty && !areTooMany }

  /// Whether a student with one of the ids is meant in the student's school.
  func includes(_ key: StudentKey) -> Bool { schools.isEmpty || key.school.map(schools.contains) ?? false }
}
