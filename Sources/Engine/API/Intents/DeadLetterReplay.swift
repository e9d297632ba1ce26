internal import JSON
internal import MasteryCore
internal import Schemas

/// Publishes the events of kept dead letters of the caller's school again, and tells what became of them.
struct DeadLetterReplay: Intent {
  private static let most = 1...100
  private static let events = Field<Bool>(
    "event_ids", .list(most), "only the letters of these events", schema: .list(FieldType.eventID.schema, count: most)
  ) { $0.kind == .array ? true : nil }
  private static let repaired = Field<Bool>(
    "repaired", .list(most), "repaired events with their event_id; or contents of letters with event repaired; only these are replayed",
    schema: .list(.object(repairedEvent), count: most)
  ) { $0.kind == .array ? true : nil }
  private static let repairedEvent = ObjectSchema(
    "RepairedEvent", "an event, or a dead letter with its event repaired", isOpen: true,
    [.init("event_id", FieldType.eventID.schema, "the event, which names the dead letter")])
  private static let again = Field.boolean("again", "whether those that were replayed are replayed again; false when missing")
  private static let dryRun = Field.boolean("dry_run", "whether nothing is published; the answer tells what would be; false when missing")
  private static let wait = Field.integer(
    "wait_seconds", 0...10, "how long to wait for what becomes of them; 5 when missing")
  private static let limit = Field.integer("limit", most, "how many letters are replayed, the latest first; 100 when missing")

  static let declaration = IntentDeclaration(
    name: "dead_letter_replay", path: "/dead-letters/replay",
    summary: "Publishes the events of dead letters again, each once; tells what became of them.", audience: .admins, storedData: .adds,
    perMinute: 2,
    fields: [events.declaration] + DeadLetterFields.declarations
      + [repaired.declaration, again.declaration, dryRun.declaration, wait.declaration, limit.declaration], answers: [done.declaration],
    example: #"""
      {"event_ids":["anna-functions-20527"],
       "repaired":[{"event_id":"anna-functions-20527","event_type":"quiz.completed","timestamp":"2026-03-15T09:00:00Z",
                    "student_id":"anna","data":{"total_questions":10,"correct_answers":9},"metadata":{"school_id":"northside"}}],
       "wait_seconds":0}
      """#)

  /// What became of the letters.
  private struct Done {
    let total: Int
    let letters: [ReplayedDeadLetter]
    let notKept: [String]
  }

  private static let done = AnswerShape(
    "what became of the letters",
    ObjectShape<Done>("DeadLetterReplay", "what became of dead letters that were to be replayed") {
      Member("total", .count, "the number of letters that agree, replayed or not") { $0.total }
      Member("letters", ReplayedDeadLetter.shape.shape.list(0...100), "what became of each, the latest failure first") { $0.letters }
      Member("not_kept", Shape<String>(.eventID) { $1.string($0) }.list(), "events of which no such letter is kept") { $0.notKept }
    })

  private let filter: DeadLetterFilter
  private let repaired: [RepairedEvent]
  private let isRepeated: Bool
  private let isDryRun: Bool
  private let patience: Int
  private let limit: Int

  init(_ fields: RequestFields) throws(JSONInvalid) {
    var filter = try DeadLetterFields.filter(fields)
    repaired =
      try Self.elements(of: Self.repaired, in: fields) { (value, place) throws(JSONInvalid) in
        do throws(JSONInvalid) {
          return try RepairedEvent(value)
        } catch {
          throw JSONInvalid(field: "\(place).\(error.field)", value: error.value, constraint: error.constraint)
        }
      } ?? []
    let named = try Self.elements(of: Self.events, in: fields) { (value, place) throws(JSONInvalid) in
      guard let id = value.identifier.flatMap(EventID.init) else {
        throw JSONInvalid(field: place, found: value, constraint: FieldType.eventID.constraint)
      }
      return id.text
    }
    isRepeated = try fields.optional(Self.again) ?? false
    isDryRun = try fields.optional(Self.dryRun) ?? false
    patience = try fields.optional(Self.wait) ?? 5
    limit = try fields.optional(Self.limit) ?? Self.most.upperBound
    filter.events = named.map(Set.init)
    if !repaired.isEmpty { filter.events = Set(repaired.map(\.id)).intersection(filter.events ?? Set(repaired.map(\.id))) }
    filter.includesReplayed = isRepeated
    // One careless call must not replay everything.
    guard filter.events != nil || filter.cause != nil || filter.student != nil else {
      throw JSONInvalid(field: "event_ids", value: nil, constraint: "is required where neither repaired, cause nor student_id is given")
    }
    self.filter = filter
  }

  private static func elements<Element>(
    of field: Field<Bool>, in fields: RequestFields, _ read: (JSONValue, _ place: String) throws(JSONInvalid) -> Element
  ) throws(JSONInvalid) -> [Element]? {
    guard try fields.optional(field) != nil, let list = fields.raw(field) else { return nil }
    var elements: [Element] = []
    for value in list.elements {
      guard elements.count < most.upperBound else { break }
      elements.append(try read(value, "\(field.declaration.name)[\(elements.count)]"))
    }
    let isTooLong = list.elements.dropFirst(most.upperBound).first { _ in true } != nil
    guard !elements.isEmpty, !isTooLong else {
      throw JSONInvalid(field: field.declaration.name, found: list, constraint: field.declaration.type.constraint)
    }
    return elements
  }

  var subject: StudentID? { filter.student }

  func answer(_ context: IntentContext) async throws(Problem) -> Answer {
    let found = try await context.deadLetters(filter)
    let chosen = Array(found.letters.prefix(limit))
    var order = KeptDeadLetters.Order(by: context.caller.subject)
    order.repaired = repaired
    order.isRepeated = isRepeated
    order.isDryRun = isDryRun
    let published = await context.deadLetters.replay(chosen, order)
    let replayed = await context.deadLetters.followed(published, for: patience * 1_000)
    let notKept = (filter.events ?? []).subtracting(found.letters.map(\.id)).sorted()
    return Answer(
      Self.done, Done(total: found.letters.count, letters: replayed, notKept: notKept), showing: chosen.compactMap(\.owner?.student))
  }
}
