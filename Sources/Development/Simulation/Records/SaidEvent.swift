internal import DaprClient
internal import JSON
internal import MasteryCore

/// What a replica published, as plain values.
struct SaidEvent: Sendable {
  let at: Int64
  let topic: String
  let body: [UInt8]
  let id: String
  let type: String
  let documentKey: String
  let epoch: Int64
  let revision: Int64
  /// The last revision of the epoch known to be published before; nil if the event does not say.
  let revisionsSince: Int64?
  let score: Double?
  let level: String?
  let previousLevel: String?
  let path: [String]
  /// Of a dead letter: the error and the payload.
  let errorType: String?
  let payload: String?
  /// Of a dead letter: whether it names its student, and the time of the failed event.
  let namesStudent: Bool
  let originalTime: Int64?
  /// The event's own time; nil if it has none.
  let time: Int64?
  /// The number of the replica that published it.
  let replica: Int

  /// Whether it informs others about a student, rather than being a dead letter or the engine's own work.
  var isTold: Bool { Self.told.contains(topic) }

  private static let told: Set<String> = ["mastery.results", "mastery.events", "learning.path.recommended", "mastery.erased"]

  init?(_ said: Chronicle.Said) {
    let read = try? JSONDocument.parse(said.event.body) { (root) throws(JSONInvalid) in
      guard let data = root["data"], let id = root["id"]?.string, let type = root["type"]?.string, data["event_id"]?.string == id else {
        throw JSONInvalid(field: "event", value: nil, constraint: "must be complete")
      }
      let content = EventContent(school: data["school_id"]?.string, student: data["student_id"]?.string ?? "")
      return Self(
        at: said.at, topic: said.topic, body: said.event.body, id: id, type: type, documentKey: content.documentKey,
        epoch: data["epoch"]?.integer ?? 0, revision: data["revision"]?.integer ?? 0,
        revisionsSince: data["revisions_since"]?.integer, score: data["mastery_score"]?.number,
        level: (data["level"] ?? data["new_level"])?.string, previousLevel: data["previous_level"]?.string,
        path: data["path"]?.elements.compactMap(\.string) ?? [], errorType: data["error_type"]?.string,
        payload: data["original_payload"]?.string, namesStudent: data["student_id"] != nil,
        originalTime: data["original_time"]?.text.flatMap { Timestamp(iso8601: $0.bytes) }?.milliseconds,
        time: root["time"]?.text.flatMap { Timestamp(iso8601: $0.bytes) }?.milliseconds, replica: said.replica)
    }
    guard let read else { return nil }
    self = read
  }

  private init(
    at: Int64, topic: String, body: [UInt8], id: String, type: String, documentKey: String, epoch: Int64, revision: Int64,
    revisionsSince: Int64?,
    score: Double?,
    level: String?, previousLevel: String?, path: [String], errorType: String?, payload: String?, namesStudent: Bool, originalTime: Int64?,
    time: Int64?, replica: Int
  ) {
    self.at = at
    self.topic = topic
    self.body = body
    self.id = id
    self.type = type
    self.documentKey = documentKey
    self.epoch = epoch
    self.revision = revision
    self.revisionsSince = revisionsSince
    self.score = score
    self.level = level
    self.previousLevel = previousLevel
    self.path = path
    self.errorType = errorType
    self.payload = payload
    self.namesStudent = namesStudent
    self.originalTime = originalTime
    self.time = time
    self.replica = replica
  }
}
