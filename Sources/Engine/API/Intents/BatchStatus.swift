internal import JSON
internal import MasteryCore

/// The progress of a batch and its results so far.
struct BatchStatus: Intent {
  private static let id = Field<BatchID>("batch_id", .identifier, "which batch") { $0.identifier.flatMap(BatchID.init) }
  private static let offset = Field.integer("offset", 0...1_000, "how many of the first students are left out; 0 when missing")
  private static let limit = Field.integer("limit", 1...1_000, "how many students are shown; 100 when missing")

  static let declaration = IntentDeclaration(
    name: "batch_status", method: "GET", path: "/batch/mastery/{batch_id}", summary: "How far a batch is, and what has come of it so far.",
    audience: .staff, perMinute: 50,
    fields: [id.declaration, offset.declaration, limit.declaration])

  private let id: BatchID
  private let offset: Int
  private let limit: Int

  init(_ fields: RequestFields) throws(JSONInvalid) {
    id = try fields.required(Self.id)
    offset = try fields.optional(Self.offset) ?? 0
    limit = try fields.optional(Self.limit) ?? 100
  }

  var subject: StudentID? { nil }
  var polled: String? { id.text }

  func answer(_ context: IntentContext) async throws(Problem) -> Answer {
    guard let (job, entries) = try await context.batches.standing(of: id, context.caller.school, context.call) else {
      throw .notFound("there is no batch \(id.text)")
    }
    guard job.isVisible(to: context.caller) else { throw .forbidden }
    let done = entries.count { $0.outcome != nil }
    let failed = entries.count { if case .failure = $0.outcome { true } else { false } }
    let status: StaticString =
      if done == entries.count {
        "completed"
      } else if job.isOver(context.now) {
        "timed_out"
      } else {
        done > 0 ? "processing" : "queued"
      }
    let page = entries[(offset..<offset + limit).clamped(to: entries.indices)]
    return Answer(showing: page.filter(\.showsStored).compactMap(\.student)) { json in
      json.member("batch_id", id.text)
      json.member("status", status)
      json.member("priority", job.priority.rawValue)
      json.member("created_at", job.created.iso8601)
      json.member("total", job.total)
      json.member("completed", done)
      json.member("failed", failed)
      json.batch(page, of: entries)
    }
  }
}
