internal import DaprClient
internal import Encodings
internal import MasteryCore

/// The batch operations available to intents.
struct Batches: Sendable {
  let store: BatchStore
  let consumer: BatchConsumer
  let publisher: EventPublisher

  /// A unique batch id.
  ///
  /// - Throws: `Problem` if none can be made.
  func newID() throws(Problem) -> BatchID {
    guard let id = BatchID(Digest.uuid(store.runtime.random(), store.runtime.random())) else { throw .internalError }
    return id
  }

  /// The outcomes of students, computed immediately.
  ///
  /// - Throws: `Problem` if some documents cannot be read now.
  func outcomes(
    of items: [BatchItem], _ school: SchoolID?, _ course: CourseID?, _ call: CallContext
  ) async throws(Problem) -> [BatchOutcome] {
    try await consumer.outcomes(of: items, school, course, call)
  }

  /// Stores a job and orders its processing.
  ///
  /// - Throws: `Problem` if the store or the broker does not accept all of it.
  func begin(_ job: BatchJob, _ items: [BatchItem], _ call: CallContext) async throws(Problem) {
    do throws(Problem) {
      try await store.begin(job, items, context: call)
      guard await publisher.publish(BatchConsumer.orders(for: job), to: job.priority.topic, context: call) else {
        throw .unavailable("the broker")
      }
    } catch {
      await store.withdraw(job, items, context: call)
      throw error
    }
  }

  /// A job with its students and their outcomes so far; nil if there is none.
  ///
  /// - Throws: `Problem` if the store gives no answer.
  func standing(
    of id: BatchID, _ school: SchoolID?, _ call: CallContext
  ) async throws(Problem) -> (job: BatchJob, entries: [BatchEntry])? {
    guard let job = try await store.job(id, school, context: call) else { return nil }
    return (job, try await store.chunks(job.chunkKeys, context: call).flatMap(\.chunk.entries))
  }
}
