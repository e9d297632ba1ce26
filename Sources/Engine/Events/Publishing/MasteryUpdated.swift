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
    if !update.formerCohorts.isEmpty { json.array("former_cohorts", of: update.formerCohorts) { $0.string($1.text) } }
    json.member("epoch", update.epoch)
    json.member("revision", update.revision)
    json.member("revisions_since", update.revisionsSince)
    json.member("mastery_score", update.mastery.shown)
    json.member("previous_score", update.previousScore)
    json.member("level", update.mastery.level.rawValue)
    json.components(update.mastery.components)
    if !update.courses.isEmpty {
      json.objects("courses", of: update.courses) { json, course in
        json.member("course_id", course.course.text)
        if let cohort = course.cohort { json.member("cohort_id", cohort.text) }
        json.member("mastery_score", course.mastery.shown)
        json.member("level", course.mastery.level.rawValue)
        json.member("components") { $0.allComponents(course.mastery.components) }
      }
    }
    if update.coursesCount > update.courses.count { json.member("courses_count", update.coursesCount) }
    if !update.topics.isEmpty { json.objects("topics", of: update.topics) { $0.names(of: $1) } }
    json.member("recommendations") { $0.namedRecommendations(update.recommendations) }
    json.causes(update.causedBy, of: update.causedByCount)
  }
}
