internal import JSON
internal import MasteryCore
internal import Schemas

/// The progress of a batch and its results so far.
struct BatchStatus: Intent {
  private static let id = Field<BatchID>("batch_id", .identifier, "which batch") { $0.identifier.flatMap(BatchID.init) }
  private static let offset = Field.integer("offset", 0...1_000, "how many of the first students are left out; 0 when missing")
  private static let limit = Field.integer("limit", 1...1_000, "how many students are shown; 100 when missing")

  static let declaration = IntentDeclaration(
    name: "batch_status", method: "GET", path: "/batch/mastery/{batch_id}", summary: "How far a batch is; with its results so far.",
    audience: .staff, perMinute: 50,
    fields: [id.required, offset.declaration, limit.declaration], answers: [found.declaration],
    example: #"""
      {"batch_id":"00000000-0000-4000-8000-000000000000"}
      """#)

  /// How far a batch is.
  private enum Status: String, CaseIterable {
    case queued, processing, completed
    case timedOut = "timed_out"
  }

  /// A batch.
  private struct Found {
    let job: BatchJob
    let status: Status
    let done: Int
    let failed: Int
    let results: BatchResults
  }

  private static let found = AnswerShape(
    "how far the batch is",
    ObjectShape<Found>("BatchStatus", "how far a batch is, and what has come of it so far") {
      Member("batch_id", .id, "the batch") { $0.job.id }
      Member("status", .word, "how far it is; what is open when it has timed out stays open") { $0.status }
      Member("priority", .word, "which work goes first") { $0.job.priority }
      Member("created_at", .moment, "when it was asked for") { $0.job.created }
      Member("total", .count, "the number of students") { $0.job.total }
      Member("completed", .count, "how many of them are done") { $0.done }
      Member("failed", .count, "how many of those failed") { $0.failed }
      Member.all(of: BatchResults.shape) { $0.results }
    })

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
    let status: Status =
      if done == entries.count {
        .completed
      } else if job.isOver(context.now) {
        .timedOut
      } else {
        done > 0 ? .processing : .queued
      }
    let page = entries[(offset..<offset + limit).clamped(to: entries.indices)]
    return Answer(
      Self.found, Found(job: job, status: status, done: done, failed: failed, results: BatchResults(shown: page, all: entries)),
      showing: page.filter(\.showsStored).compactMap(\.student))
  }
}
