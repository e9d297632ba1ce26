internal import JSON
internal import MasteryCore

/// A failed event as it is kept.
struct DeadLetter: Sendable {
  let record: StoredRecord
  /// Whose it is, as far as it says.
  let student: StudentID?
  let school: SchoolID?
  /// When what failed had happened; when it failed, where it does not say.
  let happenedAt: Timestamp
  /// What it says that a person could find a student's id in: the original payload and what is wrong with it.
  private let texts: [[UInt8]]

  /// Reads the data of a `FailedEvent`; nil where it is something else.
  ///
  /// - Parameters:
  ///   - json: The data.
  ///   - repeats: Whether the same failure has the same time at each delivery, and so another time is another failure.
  init?(_ json: [UInt8], repeats: Bool = true) {
    let read = try? JSONDocument.parse(json) { (root) throws(Never) in Self(root, json, repeats) }
    guard let letter = read ?? nil else { return nil }
    self = letter
  }

  private init?(_ root: JSONValue, _ json: [UInt8], _ repeats: Bool) {
    guard root["event_type"]?.string == "FailedEvent", let id = root["event_id"]?.string, let failed = root["failed_at"]?.text,
      let failedAt = Timestamp(iso8601: failed.bytes)
    else { return nil }
    record = StoredRecord(id: repeats ? "\(id)|\(failedAt.milliseconds)" : id, at: failedAt, json: json)
    happenedAt = root["original_time"]?.text.flatMap { Timestamp(iso8601: $0.bytes) } ?? failedAt
    student = root["student_id"]?.string.flatMap(StudentID.init)
    school = root["school_id"]?.string.flatMap(SchoolID.init)
    // What is called base64 and is none is searched as it stands.
    let payload = root.payload ?? root["original_payload"]?.text.map { Array($0.bytes) } ?? []
    texts = [payload, root["error_message"]?.text.map { Array($0.bytes) } ?? []]
  }

  /// The student with the school, where it says whose it is.
  var key: StudentKey? { student.map { StudentKey(school: school, student: $0) } }

  /// Whether it is about a student, or, where it does not say about whom it is, names one.
  func concerns(_ id: StudentID) -> Bool {
    if let student { return student == id }
    return texts.contains { Self.names(id, in: $0) }
  }

  /// Whether the id stands in a text as a word of its own.
  private static func names(_ id: StudentID, in text: [UInt8]) -> Bool {
    let word = Array(id.text.utf8)
    guard text.count >= word.count else { return false }
    func isPart(_ place: Int) -> Bool {
      text.indices.contains(place) && StudentID.allows(text[place])
    }
    return (0...text.count - word.count).contains { start in
      text[start..<start + word.count].elementsEqual(word) && !isPart(start - 1) && !isPart(start + word.count)
    }
  }
}
