internal import JSON
internal import MasteryCore
internal import Schemas

/// The events for announcements.
enum AnnouncementShapes {
  static let thresholdReached = EventShape(
    "mastery.threshold.reached", to: Topic.events,
    "the level of a saved revision differs from that of the one before; a jump over several levels is one event",
    ObjectShape<ThresholdReached>("ThresholdReached", "a student reached another level") {
      Member.all(of: Announced.members) { $0.announced }
      Member("level", .word, "the new level") { $0.new.level }
      Member("threshold_type", .text(), "both levels, such as developing_to_competent") {
        "\($0.previous.level.rawValue)_to_\($0.new.level.rawValue)"
      }
      Member("previous_score", .exact, "the mastery before, as it was shown") { $0.previous.score }
      Member("previous_level", .word, "the level before") { $0.previous.level }
      Member("new_score", .exact, "the mastery now, as it is shown") { $0.new.score }
      Member("new_level", .word, "the level now") { $0.new.level }
      Member("direction", .word, "to a higher or to a lower level") { $0.direction }
    })

  static let pathRecommended = EventShape(
    "learning.path.recommended", to: Topic.paths,
    "the set of weak components of a saved revision differs from that of the one before",
    ObjectShape<PathRecommended>("PathRecommended", "what a student should work on has changed") {
      Member.all(of: Announced.members) { $0.announced }
      Member("path", Shape<Area>.word.list(), "what to work on, in order") { $0.path }
      Member("recommendations", Recommendation.named.shape.list(0...3), "the next steps, the greatest gain first") {
        Array($0.recommendations.prefix(3))
      }
    })

  /// Whom and what an announcement is about.
  struct Announced {
    let identity: Identity
    let epoch: Int64
    let revision: Int64

    fileprivate static let members = ObjectShape<Self> {
      Member.all(of: Identity.members) { $0.identity }
      Member("epoch", .count, "the life of the document: a higher one follows an erasure") { $0.epoch }
      Member("revision", .count, "the revision of the document") { $0.revision }
    }
  }

  /// A level was reached.
  struct ThresholdReached {
    let announced: Announced
    let previous: LevelScore
    let new: LevelScore
    let direction: Announcement.Direction
  }

  /// Other components are weak.
  struct PathRecommended {
    let announced: Announced
    let path: [Area]
    let recommendations: [Recommendation]
  }
}

extension Announcement {
  /// The announcement as stored in the student's outbox: complete, so that it can be published word for word at any later time.
  func outboxEntry(for key: StudentKey, _ trace: EventTrace = EventTrace()) -> OutboxEntry {
    let announced = AnnouncementShapes.Announced(
      identity: Identity(student: key.student, school: key.school, cohort: cohort), epoch: epoch, revision: revision)
    return switch kind {
    case .thresholdReached(let previous, let new):
      entry(
        AnnouncementShapes.thresholdReached,
        AnnouncementShapes.ThresholdReached(announced: announced, previous: previous, new: new, direction: direction ?? .up), key, trace)
    case .pathRecommended(let path, let recommendations):
      entry(
        AnnouncementShapes.pathRecommended,
        AnnouncementShapes.PathRecommended(announced: announced, path: path, recommendations: recommendations), key, trace)
    }
  }

  private func entry<Content>(_ shape: EventShape<Content>, _ content: Content, _ key: StudentKey, _ trace: EventTrace) -> OutboxEntry {
    let id = CloudEvent.id(type: shape.type, key: key, epoch: epoch, revision: revision)
    let bytes = CloudEvent.bytes(id: id, shape, content, time: at, trace: trace)
    return OutboxEntry(id: id, topic: shape.declaration.topic, body: String(decoding: bytes, as: UTF8.self))
  }
}
