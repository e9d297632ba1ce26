/// Whose state key it is, read off the key itself.
struct KeyOwner {
  /// Nil for data without a school.
  let school: Substring?
  let student: Substring

  /// Nil for a key that is no student's.
  init?(_ key: String) {
    let parts = key.split(separator: ":")
    guard let place = parts.firstIndex(of: "student"), parts.count > place + 1 else { return nil }
    school = place >= 2 ? parts[1] : nil
    student = parts[place + 1]
  }
}
