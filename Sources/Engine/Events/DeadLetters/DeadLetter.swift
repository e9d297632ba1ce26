internal import JSON
internal import MasteryCore

/// A failed event in its stored form.
struct DeadLetter: Sendable {
  let record: StoredRecord
  /// The owner; nil if the student or school cannot be read, so that the owner is unknown.
  let owner: StudentKey?
  /// When the failed event happened, or when it failed if it has no time.
  let happenedAt: Timestamp
  /// The original, as far as it is available.
  private let payload: [UInt8]

  /// Reads the data of a `FailedEvent`; nil if it is something else.
  ///
  /// - Parameters:
  ///   - json: The data.
  ///   - repeats: Whether the same failure has the same time at each delivery, so that another time means another failure.
  init?(_ json: [UInt8], repeats: Bool = true) {
    let read = try? JSONDocument.parse(json) { (root) throws(Never) in Self(root, json, repeats) }
    guard let letter = read ?? nil else { return nil }
    self = letter
  }

  private init?(_ root: JSONValue, _ json: [UInt8], _ repeats: Bool) {
    guard root["event_type"]?.string == "FailedEvent", let id = root["event_id"]?.string, let failed = root["failed_at"]?.text,
      let failedAt = Timestamp(iso8601: failed.bytes)
    else { return nil }
    // An event and its correction have the same id, and may fail at the same time.
    let content = root["original_sha256"]?.string.map { String($0.prefix(16)) }
    let names = [id, repeats ? "\(failedAt.milliseconds)" : nil, content].compactMap(\.self)
    record = StoredRecord(id: names.joined(separator: "|"), at: failedAt, json: json)
    happenedAt = root["original_time"]?.text.flatMap { Timestamp(iso8601: $0.bytes) } ?? failedAt
    owner = Self.owner(root)
    // A payload wrongly labelled base64 is searched as it is.
    payload = root.payload ?? root["original_payload"]?.text.map { Array($0.bytes) } ?? []
  }

  /// The owner that a `FailedEvent` names; nil if its student or school cannot be read.
  static func owner(_ root: JSONValue) -> StudentKey? {
    let school = root["school_id"].flatMap { $0.isNull ? nil : $0 }
    let named = school?.string.flatMap(SchoolID.init)
    // An invalid name must not count as a missing one.
    guard school == nil || named != nil else { return nil }
    return root["student_id"]?.string.flatMap(StudentID.init).map { StudentKey(school: named, student: $0) }
  }

  /// The possible owners: the owner, or, if unknown, every student that the payload names.
  var students: MeantStudents { owner.map { MeantStudents(keys: [$0]) } ?? named.meant }

  /// Whether it may be about a student: the owner, or, if unknown, one that the payload names.
  func mayMean(_ key: StudentKey) -> Bool { owner.map { $0 == key } ?? named.mayMean(key) }

  private var named: NamedStudents { NamedStudents(in: payload) }
}
