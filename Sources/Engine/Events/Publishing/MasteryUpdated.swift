internal import DaprClient
internal import JSON
internal import MasteryCore
internal import Schemas

/// `mastery.updated`: the result of a student's stored document, word for word the same whenever it is published again.
enum MasteryUpdated {
  static let shape = EventShape(
    "mastery.updated", to: Topic.results, "a delivery touched a student's document",
    ObjectShape<MasteryUpdate>("MasteryUpdated", "what a student's stored document says; of several the highest (epoch, revision) counts") {
      Member("student_id", .id, "the student") { $0.student }
      Member.optional("school_id", .id, "the student's school") { $0.school }
      Member.optional("cohort_id", .id, "the student's cohort; of several, the one joined outside any course, else the one joined last") {
        $0.cohort
      }
      Member.optional("former_cohorts", Shape<CohortID>.id.list(), "cohorts that the student was in and is in no more") {
        $0.formerCohorts.isEmpty ? nil : $0.formerCohorts
      }
      Member("epoch", .count, "the life of the document: a higher one follows an erasure") { $0.epoch }
      Member("revision", .count, "the revision of the document") { $0.revision }
      Member(
        "revisions_since", .count, "the latest earlier revision known to be published, 0 for none; this result stands for those between"
      ) {
        $0.revisionsSince
      }
      Member("mastery_score", .score, "the mastery") { $0.mastery.value }
      Member.nullable("previous_score", .score, "the mastery that the previous revision showed; null for the first") { $0.previousScore }
      Member("level", .word, "the level of the mastery") { $0.mastery.level }
      Member.all(of: ComponentShapes.members) { $0.mastery.components }
      Member.optional("courses", course.shape.list(0...MasteryUpdate.namedCourses), "the mastery in each course, if evidence names any") {
        $0.courses.isEmpty ? nil : $0.courses
      }
      Member.optional("courses_count", .count, "the number of courses, if not all of them are listed") {
        $0.coursesCount > $0.courses.count ? $0.coursesCount : nil
      }
      Member.optional("topics", CourseTopic.shape.shape.list(0...50), "the courses and topics that the causing events were about") {
        $0.topics.isEmpty ? nil : $0.topics
      }
      Member("recommendations", Recommendation.named.shape.list(0...3), "what to work on next, the greatest gain first") {
        Array($0.recommendations.prefix(3))
      }
      Member.all(of: Causes.members) { Causes(events: $0.causedBy, count: $0.causedByCount) }
    })

  private static let course = ObjectShape<MasteryUpdate.CourseResult>("CourseResult", "how a student stands in a course") {
    Member("course_id", .id, "the course") { $0.course }
    Member.optional("cohort_id", .id, "the student's cohort in it") { $0.cohort }
    Member("mastery_score", .score, "the mastery in it") { $0.mastery.value }
    Member("level", .word, "the level of that mastery") { $0.mastery.level }
    Member("components", ComponentShapes.all, "the score of each component, 0 without evidence") { $0.mastery.components }
  }

  /// The event for a document; nil if no evidence has been saved in it yet.
  static func event(for document: StudentDocument, _ trace: EventTrace = EventTrace()) -> OutgoingEvent? {
    let update = MasteryUpdate(of: document)
    guard let savedAt = update.savedAt else { return nil }
    let key = StudentKey(school: update.school, student: update.student)
    let id = CloudEvent.id(type: shape.type, key: key, epoch: update.epoch, revision: update.revision)
    return CloudEvent.outgoing(CloudEvent.bytes(id: id, shape, update, time: savedAt, trace: trace), partitionKey: update.student.text)
  }
}
