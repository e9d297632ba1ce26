internal import JSON
internal import MasteryCore

/// A failed event as it is kept.
struct DeadLetter: Sendable {
  let record: StoredRecord
  /// Whose it is; nil where its student or its school cannot be read, so that nobody knows.
  let owner: StudentKey?
  /// When what failed had happened; when it failed, where it does not say.
  let happenedAt: Timestamp
  /// What failed, as far as it is there.
  private let payload: [UInt8]

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
    let school = root["school_id"].flatMap { $0.isNull ? nil : $0 }
    let named = school?.string.flatMap(SchoolID.init)
    // What is named wrongly must not count as what has no name.
    let isSchoolKnown = school == nil || named != nil
    owner = isSchoolKnown ? root["student_id"]?.string.flatMap(StudentID.init).map { StudentKey(school: named, student: $0) } : nil
    // What is called base64 and is none is searched as it stands.
    payload = root.payload ?? root["original_payload"]?.text.map { Array($0.bytes) } ?? []
  }

  /// Whose it may be: the owner's, or, where nobody knows, any student's whom the payload names.
  var students: MeantStudents { owner.map { MeantStudents(keys: [$0]) } ?? named.meant(limit: Self.mostNamed) }

  /// Whether it may be about a student: the owner, or, where nobody knows whose it is, one whom the payload names.
  func mayMean(_ key: StudentKey) -> Bool { owner.map { $0 == key } ?? named.mayMean(key) }

  private var named: NamedStudents { NamedStudents(in: payload) }

  /// Most students whose documents are asked whether a letter may be kept.
  static let mostNamed = 64
}
