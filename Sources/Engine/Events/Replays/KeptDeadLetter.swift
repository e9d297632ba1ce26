internal import JSON
public import MasteryCore

/// A dead letter of the store, without its original event.
public struct KeptDeadLetter: Sendable, Hashable {
  /// That a letter has been replayed.
  public struct Replayed: Sendable, Hashable {
    /// When the event was published again.
    public let at: Timestamp
    /// Who did it.
    public let by: String
    /// Whether the event was repaired.
    public let isRepaired: Bool
  }

  /// The event's id, by which the letter is named.
  public let id: String
  /// The student; nil if the student or the school cannot be read, so that the letter is nobody's.
  public let owner: StudentKey?
  /// When the event happened; nil if it has no readable time.
  public let happenedAt: Timestamp?
  /// When the event failed.
  public let failedAt: Timestamp
  /// Why, without the values of this event.
  public let cause: FailureCause
  /// The complete error message.
  public let message: String
  /// How often the event had been tried from `mastery.retry`: 0 if it never was, so that a replayed event that failed again can be told.
  public let retries: Int
  /// Bytes of the original event.
  public let length: Int
  /// Whether the whole original is kept.
  public let isWhole: Bool
  /// Nil if it has not been replayed.
  public let replayed: Replayed?
  /// Where it is.
  let name: Name

  /// The list that holds a letter, and the name of its record there.
  struct Name: Sendable, Hashable {
    let log: SegmentedLog
    let recordID: String
  }
}

// MARK: Stored form

extension KeptDeadLetter {
  /// Maximum bytes of the name of whoever replayed a letter.
  static let longestName = 128

  /// Reads a record of a list of dead letters; nil if it is none that this release can read.
  init?(_ record: StoredRecord, in log: SegmentedLog) {
    let read = try? JSONDocument.parse(record.json) { (root) throws(Never) in Self(root, record.id, log) }
    guard let letter = read ?? nil else { return nil }
    self = letter
  }

  private init?(_ root: JSONValue, _ recordID: String, _ log: SegmentedLog) {
    func time(_ value: JSONValue?) -> Timestamp? { value?.text.flatMap { Timestamp(iso8601: $0.bytes) } }
    guard let id = root["event_id"]?.string, let failedAt = time(root["failed_at"]) else { return nil }
    self.id = id
    owner = DeadLetter.owner(root)
    happenedAt = time(root["original_time"])
    self.failedAt = failedAt
    message = root["error_message"]?.string ?? ""
    cause = FailureCause(
      errorType: root["error_type"]?.string ?? "", message: message, eventType: root["original_event_type"]?.string,
      topic: root["original_topic"]?.string ?? "")
    retries = root["retry_count"]?.integer.flatMap { Int(exactly: $0) } ?? 0
    let kept = root.payload?.count ?? 0
    length = root["original_length"]?.integer.flatMap { Int(exactly: $0) } ?? kept
    isWhole = length == kept
    replayed = time(root["replayed_at"]).map {
      Replayed(at: $0, by: root["replayed_by"]?.string ?? "", isRepaired: root["replayed_repaired"]?.boolean ?? false)
    }
    name = Name(log: log, recordID: recordID)
  }

  /// The original event in a record of a dead letter, as far as it is kept.
  static func original(in record: StoredRecord) -> [UInt8] {
    let read = try? JSONDocument.parse(record.json) { (root) throws(Never) in root.payload }
    return (read ?? nil) ?? []
  }

  /// A record of a dead letter, marked as replayed; an earlier mark is replaced.
  static func marking(_ record: StoredRecord, _ replayed: Replayed) -> StoredRecord {
    let json = JSONWriter.object(capacity: record.json.count + 256) { json in
      write(record, to: &json)
      json.member("replayed_at", replayed.at.iso8601)
      json.member("replayed_by", String(decoding: replayed.by.utf8.prefix(longestName), as: UTF8.self))
      if replayed.isRepaired { json.member("replayed_repaired", true) }
    }
    return StoredRecord(id: record.id, at: record.at, json: json)
  }

  /// Writes the members of a record without its mark.
  private static func write(_ record: StoredRecord, to json: inout JSONWriter) {
    try? JSONDocument.parse(record.json) { (root) throws(Never) in
      for (name, value) in root.members where !["replayed_at", "replayed_by", "replayed_repaired"].contains(where: { name.matches($0) }) {
        json.member(name, value)
      }
    }
  }
}
