internal import JSON
internal import MasteryCore
internal import Schemas

/// Accepts an event over HTTP, by the rules for events from the broker.
struct EventIngest: Intent {
  private static let type = Field<String>(
    "event_type", .choice(EventType.names), "what happened"
  ) { value in value.text.flatMap { EventType.named($0)?.name } }
  private static let student = Field.student("whom the event is about")
  private static let data = Field<Bool>("data", .object, "the fields of the event's evidence", schema: .object(EventFields.data)) {
    $0.kind == .object ? true : nil
  }
  private static let components = Field<Bool>("components", .components, "evidence of several components") {
    $0.kind == .object ? true : nil
  }
  private static let component = Field<Component>.choice(
    "component", "which component data is evidence of, for mastery.calculation.requested")
  private static let id = Field<EventID>("event_id", .eventID, "the event's own id; one is made when missing") {
    $0.identifier.flatMap(EventID.init)
  }
  private static let timestamp = Field<Timestamp>("timestamp", .timestamp, "when it happened; now when missing") { EventTime.read($0) }
  private static let course = Field.course("the course that it is about")
  private static let topic = Field.topic("the topic of the course")
  private static let correction = Field.integer(
    "correction", Correction.numbers, "how often the event was corrected; of several accounts the highest counts; 0 when missing")
  private static let retracted = Field.boolean("retracted", "whether the event takes back what it said; then data may be missing")
  private static let metadata = Field<Bool>(
    "metadata", .object, "what else is known of the event", schema: .object(EventFields.metadata)
  ) { $0.kind == .object ? true : nil }

  static let declaration = IntentDeclaration(
    name: "ingest_event", shortName: "ingest", path: "/mastery/ingest", summary: "Takes an event in; it is worked off within a second.",
    audience: .staff, storedData: .adds, perMinute: 100,
    fields: [
      type.required.preferring(EventType.allCases.map(\.rawValue)), student.required, data.declaration, components.declaration,
      component.declaration, id.declaration,
      timestamp.declaration, course.declaration, topic.declaration, correction.declaration, retracted.declaration, metadata.declaration,
    ],
    answers: [accepted.declaration],
    example: #"""
      {"event_type":"quiz.completed","student_id":"anna","course_id":"python-1","topic":"loops","data":{"total_questions":10,"correct_answers":9}}
      """#)

  private static let accepted = AnswerShape(
    status: 202, "the broker has the event",
    ObjectShape<EventID>("AcceptedEvent", "an event that is worked off within a second") {
      Member("event_id", .id, "the event's id") { $0 }
      Member("status", .word, "that the event waits to be worked off") { _ in AcceptedWork.queued }
    })

  private var draft: EventDraft

  init(_ fields: RequestFields) throws(JSONInvalid) {
    let type = try fields.required(Self.type)
    let student = try fields.required(Self.student)
    _ = try (fields.optional(Self.data), fields.optional(Self.components), fields.optional(Self.metadata))
    draft = EventDraft(type: type, student: student)
    if let data = fields.raw(Self.data) { draft.add("data", data) }
    if let components = fields.raw(Self.components) { draft.add("components", components) }
    draft.component = try fields.optional(Self.component)
    draft.course = try fields.optional(Self.course)
    draft.topic = try fields.optional(Self.topic)
    draft.correction = try fields.optional(Self.correction)
    draft.isRetracted = try fields.optional(Self.retracted) ?? false
    draft.id = try fields.optional(Self.id)
    draft.timestamp = try fields.optional(Self.timestamp)
    if draft.isRetracted || draft.correction ?? 0 > 0 {
      // What is made for the request could be no earlier event's.
      _ = try (fields.required(Self.id), fields.required(Self.timestamp))
    }
    draft.metadata = fields.raw(Self.metadata).map(EventDraft.Member.all) ?? []
  }

  var subject: StudentID? { draft.student }

  func answer(_ context: IntentContext) async throws(Problem) -> Answer {
    Answer(Self.accepted, try await context.take(draft))
  }
}
