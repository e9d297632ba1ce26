internal import DaprClient
internal import JSON
internal import MasteryCore

/// `mastery.updated`: the result of a student's stored document, word for word the same whenever it is published again.
enum MasteryUpdated {
  private static let type: StaticString = "mastery.updated"

  /// The event for a document; nil if no evidence has been saved in it yet.
  static func event(for document: StudentDocument, _ trace: EventTrace = EventTrace()) -> OutgoingEvent? {
    let update = MasteryUpdate(of: document)
    guard let savedAt = update.savedAt else { return nil }
    let key = StudentKey(school: update.school, student: update.student)
    let id = CloudEvent.id(type: type, key: key, epoch: update.epoch, revision: update.revision)
    let bytes = CloudEvent.bytes(id: id, type: type, time: savedAt, trace: trace) { json in write(update, to: &json) }
    return CloudEvent.outgoing(bytes, partitionKey: update.student.text)
  }

  private static func write(_ update: MasteryUpdate, to json: inout JSONWriter) {
    json.identity(update.student, update.school, update.cohort)
    if !update.formerCohorts.isEmpty {
      json.key("former_cohorts")
      json.beginArray()
      for cohort in update.formerCohorts { json.string(cohort.text) }
      json.endArray()
    }
    json.key("epoch")
    json.integer(update.epoch)
    json.key("revision")
    json.integer(update.revision)
    json.key("revisions_since")
    json.integer(update.revisionsSince)
    json.key("mastery_score")
    json.number(update.mastery.shown)
    json.key("previous_score")
    json.number(update.previousScore)
    json.key("level")
    json.string(update.mastery.level.rawValue)
    json.components(update.mastery.components)
    json.key("recommendations")
    json.namedRecommendations(update.recommendations)
    json.causes(update.causedBy, of: update.causedByCount)
  }
}
