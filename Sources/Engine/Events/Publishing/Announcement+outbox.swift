internal import JSON
internal import MasteryCore

extension Announcement {
  /// The announcement as stored in the student's outbox: complete, so that it can be published word for word at any later time.
  func outboxEntry(for key: StudentKey, _ trace: EventTrace = EventTrace()) -> OutboxEntry {
    switch kind {
    case .thresholdReached(let previous, let new):
      entry("mastery.threshold.reached", topic: Topic.events, key, trace) { json in
        json.member("level", new.level.rawValue)
        json.member("threshold_type", "\(previous.level.rawValue)_to_\(new.level.rawValue)")
        json.member("previous_score", previous.score)
        json.member("previous_level", previous.level.rawValue)
        json.member("new_score", new.score)
        json.member("new_level", new.level.rawValue)
        json.member("direction", (direction ?? .up).rawValue)
      }
    case .pathRecommended(let path, let recommendations):
      entry("learning.path.recommended", topic: Topic.paths, key, trace) { json in
        json.member("path") { $0.areas(path) }
        json.member("recommendations") { $0.namedRecommendations(recommendations) }
      }
    }
  }

  private func entry(
    _ type: StaticString, topic: String, _ key: StudentKey, _ trace: EventTrace, _ content: (inout JSONWriter) -> Void
  ) -> OutboxEntry {
    let id = CloudEvent.id(type: type, key: key, epoch: epoch, revision: revision)
    let bytes = CloudEvent.bytes(id: id, type: type, time: at, trace: trace) { json in
      json.identity(key.student, key.school, cohort)
      json.member("epoch", epoch)
      json.member("revision", revision)
      content(&json)
    }
    return OutboxEntry(id: id, topic: topic, body: String(decoding: bytes, as: UTF8.self))
  }
}
