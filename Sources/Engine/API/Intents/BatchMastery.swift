internal import JSON
internal import MasteryCore
internal import Schemas

/// The mastery of many students, computed immediately or in the background.
struct BatchMastery: Intent {
  /// Maximum number of students answered immediately.
  private static let answeredAtOnce = 100
  private static let sizes = 1...1_000
  private static let requests = Field<Bool>(
    "requests", .list(sizes), "the students, each an id; or student_id and, unless as stored, components", also: ["student_ids"],
    schema: .list(.either([student.declaration.schema, .object(row)]), count: sizes)
  ) { $0.kind == .array ? true : nil }
  private static let priority = Field<BatchJob.Priority>.choice("priority", "which work goes first; normal when missing")
  private static let async = Field.boolean("async", "whether it is done beside other work; however few they are; false when missing")
  private static let course = Field.course("how they stand in this course; in all of them together when missing")
  private static let row = ObjectSchema(
    "BatchRow", "a student, and what the mastery is worked out of",
    [student.required, components.declaration].map { .init($0.name, $0.schema, $0.meaning, isRequired: $0.isRequired) })
  private static let student = Field.student("whose mastery is asked for")
  private static let components = Field<Bool>("components", .components, "what mastery is worked out of; as stored when missing") { _ in
    true
  }

  static let declaration = IntentDeclaration(
    name: "batch_process", path: "/batch/mastery",
    summary: "How up to 1000 students stand, over 100 of them as a batch; a batch is worked on beside other work.",
    audience: .staff, perMinute: 5,
    fields: [requests.required, course.declaration, priority.declaration, async.declaration],
    answers: [done.declaration, begun.declaration],
    example: #"""
      {"requests":["anna",{"student_id":"ben","components":{"quiz":0.7}},"nobody"]}
      """#)

  private static let done = AnswerShape(
    "the results of up to 100 students",
    ObjectShape<BatchResults>("BatchAnswer", "how the students stand") {
      Member.all(of: BatchResults.shape) { $0 }
    })

  private static let begun = AnswerShape(
    status: 202, "the batch is worked on beside other work",
    ObjectShape<BatchJob>("AcceptedBatch", "a batch that is worked on beside other work") {
      Member("batch_id", .id, "the batch, whose status tells how far it is") { $0.id }
      Member("status", .word, "that the batch waits to be worked on") { _ in AcceptedWork.queued }
      Member("total", .count, "the number of students") { $0.total }
    })

  private let items: [BatchItem]
  private let course: CourseID?
  private let priority: BatchJob.Priority
  private let isJob: Bool

  init(_ fields: RequestFields) throws(JSONInvalid) {
    _ = try fields.required(Self.requests)
    items = try Self.items(fields.raw(Self.requests))
    course = try fields.optional(Self.course)
    priority = try fields.optional(Self.priority) ?? .normal
    isJob = try fields.optional(Self.async) ?? false || items.count > Self.answeredAtOnce
  }

  private static func items(_ list: JSONValue?) throws(JSONInvalid) -> [BatchItem] {
    var items: [BatchItem] = []
    if let list {
      // One more than allowed is enough to detect that there are too many.
      for element in list.elements.prefix(sizes.upperBound + 1) { items.append(item(element, at: items.count)) }
    }
    guard sizes.contains(items.count) else {
      throw JSONInvalid(field: "requests", found: list, constraint: requests.declaration.type.constraint)
    }
    return items
  }

  /// Reads a row; an invalid row is a failure of its own and does not affect the others.
  private static func item(_ value: JSONValue, at index: Int) -> BatchItem {
    let path = "requests[\(index)]"
    guard value.kind == .object else {
      if let student = student.read(value) { return BatchItem(student: student, components: nil) }
      let rule = "\(path) must be an object with a student_id, or an id, which \(FieldType.identifier.constraint)"
      return BatchItem(student: nil, components: nil, fault: rule)
    }
    do {
      return try item(RequestFields(value, of: [student.declaration, components.declaration], in: path), path)
    } catch {
      let named = value["student_id"].flatMap(student.read)
      // An unknown field's name is the row's own text: without a student no erasure would find it.
      let isKnown = value.members.allSatisfy { student.declaration.isCalled($0.key) || components.declaration.isCalled($0.key) }
      let fault = named != nil || isKnown ? error.rule : "\(path) has an unknown field, and no student_id"
      return BatchItem(student: named, components: nil, fault: fault)
    }
  }

  private static func item(_ fields: RequestFields, _ path: String) throws(JSONInvalid) -> BatchItem {
    BatchItem(
      student: try fields.required(student),
      components: try fields.raw(components).map { (given) throws(JSONInvalid) in
        try GivenComponents.read(given, path: "\(path).components.", refusesUnknown: true).map(\.score)
      })
  }

  var subject: StudentID? { nil }
  // Rows with given scores do not access stored data.
  var accessed: [StudentID] { Set(items.filter { $0.components == nil && $0.fault == nil }.compactMap(\.student)).sorted() }

  func answer(_ context: IntentContext) async throws(Problem) -> Answer {
    guard context.caller.role != .teacher || items.allSatisfy({ $0.student.map(context.caller.students.contains) ?? true }) else {
      throw .forbidden
    }
    guard !isJob else { return try await begin(context) }
    let outcomes = try await context.batches.outcomes(of: items, context.caller.school, course, context.call)
    let entries = zip(items, outcomes).map { BatchEntry(item: $0, outcome: $1) }
    return Answer(Self.done, BatchResults(shown: entries[...], all: entries))
  }

  private func begin(_ context: IntentContext) async throws(Problem) -> Answer {
    let caller = context.caller
    let job = BatchJob(
      id: try context.batches.newID(), school: caller.school, subject: caller.subject, role: caller.role.rawValue, created: context.now,
      priority: priority, course: course, total: items.count)
    try await context.batches.begin(job, items, context.call)
    return Answer(Self.begun, job)
  }
}
