internal import JSON
internal import MasteryCore

extension Announcement {
  /// The announcement as stored in the student's outbox: complete, so that it can be published word for word at any later time.
  func outboxEntry(for key: StudentKey, _ trace: EventTrace = EventTrace()) -> OutboxEntry {
    switch kind {
    case .thresholdReached(let previous, let new):
      entry("mastery.threshold.reached", topic: Topic.events, key, trace) { json in
        json.key("level")
        json.string(new.level.rawValue)
        json.key("threshold_type")
        json.string("\(previous.level.rawValue)_to_\(new.level.rawValue)")
        json.key("previous_score")
        json.number(previous.score)
        json.key("previous_level")
        json.string(previous.level.rawValue)
        json.key("new_score")
        json.number(new.score)
        json.key("new_level")
        json.string(new.level.rawValue)
        json.key("direction")
        json.string((direction ?? .up).rawValue)
      }
    case .pathRecommended(let path, let recommendations):
      entry("learning.path.recommended", topic: Topic.paths, key, trace) { json in
        json.key("path")
        json.areas(path)
        json.key("recommendations")
        json.namedRecommendations(recommendations)
      }
    }
  }

  private func entry(
    _ type: StaticString, topic: String, _ key: StudentKey, _ trace: EventTrace, _ content: (inout JSONWriter) -> Void
  ) -> OutboxEntry {
    let id = CloudEvent.id(type: type, key: key, epoch: epoch, revision: revision)
    let bytes = CloudEvent.bytes(id: id, type: type, time: at, trace: trace) { json in
      json.identity(key.student, key.school, cohort)
      json.key("epoch")
      json.integer(epoch)
      json.key("revision")
      json.integer(revision)
      content(&json)
    }
    return OutboxEntry(id: id, topic: topic, body: String(decoding: bytes, as: UTF8.self))
  }
}
