internal import Encodings
internal import JSON
internal import MasteryCore

/// A batch processed in the background: its caller and time.
struct BatchJob: Hashable, Sendable {
  /// The urgency of a batch: less urgent batches wait for more urgent ones.
  enum Priority: String, CaseIterable, Sendable {
    case low, normal, high

    /// The topic for the work of such batches.
    var topic: String { "mastery.batch.\(rawValue)" }
    /// The priority for that topic.
    init?(topic: String) {
      guard let found = Self.allCases.first(where: { $0.topic == topic }) else { return nil }
      self = found
    }

    /// A later case is more urgent.
    var urgency: Int { Self.allCases.firstIndex(of: self) ?? 0 }
  }

  /// Number of students processed together.
  static let chunkSize = 50
  /// How long the work may take, in milliseconds; whatever is open then stays open.
  static let timeLimit: Int64 = 10 * 60_000
  /// How long jobs and their results are stored, in seconds.
  static let secondsToLive = 7 * 86_400

  let id: BatchID
  /// The school of all students.
  let school: SchoolID?
  /// The caller.
  let subject: String
  let role: String
  let created: Timestamp
  let priority: Priority
  /// The course that is asked about; nil for all of them together.
  var course: CourseID?
  /// Number of students.
  let total: Int

  /// The caller as a short hash.
  var source: String { String(Digest.sha256(Array("\(role)\n\(subject)".utf8)).prefix(12)) }

  /// Number of chunks.
  var chunks: Int { (total + Self.chunkSize - 1) / Self.chunkSize }

  /// Whether its time is over, so that no more work is done.
  func isOver(_ now: Timestamp) -> Bool { now > created.adding(milliseconds: Self.timeLimit) }

  /// Whether a caller may see it: the one who asked, whose subject is the same byte for byte, or an administrator.
  func isVisible(to caller: Caller) -> Bool {
    caller.role == .admin || (ExactText(caller.subject) == ExactText(subject) && caller.role.rawValue == role)
  }

  // MARK: State

  static func statusKey(_ id: BatchID, _ school: SchoolID?) -> String { school.stateKey("batch:\(id.text.inStateKey):status") }

  static func chunkKey(_ id: BatchID, _ school: SchoolID?, _ number: Int) -> String {
    school.stateKey("batch:\(id.text.inStateKey):chunk:\(number)")
  }

  /// The keys of the chunks, in order.
  var chunkKeys: [String] { (0..<chunks).map { Self.chunkKey(id, school, $0) } }

  /// The stored form.
  var bytes: [UInt8] {
    JSONWriter.object { json in
      json.member("schema", 1)
      json.member("subject", subject)
      json.member("role", role)
      json.member("created_at", created.milliseconds)
      json.member("priority", priority.rawValue)
      if let course { json.member("course_id", course.text) }
      json.member("total", total)
    }
  }
}

extension BatchJob {
  /// Reads a stored job; nil if it is damaged, or written by a release that this one cannot read.
  init?(_ value: JSONValue, id: BatchID, school: SchoolID?) {
    guard let schema = value["schema"]?.integer, (1...2).contains(schema), let subject = value["subject"]?.string,
      let role = value["role"]?.string, let created = value["created_at"]?.integer.flatMap({ Timestamp(exactly: $0) }),
      let priority = value["priority"]?.string.flatMap({ Priority(rawValue: $0) }),
      let total = value["total"]?.integer, (1...1_000).contains(total)
    else { return nil }
    let course = value["course_id"].map { $0.string.flatMap(CourseID.init) }
    if case .some(nil) = course { return nil }
    self.init(
      id: id, school: school, subject: subject, role: role, created: created, priority: priority, course: course ?? nil, total: Int(total))
  }
}
