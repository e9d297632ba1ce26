internal import Encodings

/// The owner of a state key, read from the key itself.
struct KeyOwner {
  /// Nil for data without a school.
  let school: String?
  let student: String

  /// Nil for a key that is not a student's.
  init?(_ key: String) {
    let parts = key.split(separator: ":")
    let index = parts.first == "school" ? 2 : 0
    guard parts.count > index + 1, parts[index] == "student" else { return nil }
    school = index > 0 ? PercentCoding.decode(parts[1]) : nil
    student = PercentCoding.decode(parts[index + 1])
  }
}
