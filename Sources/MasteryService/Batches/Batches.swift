internal import DaprClient
internal import Encodings
internal import MasteryCore

/// All that intents may do with batches.
struct Batches: Sendable {
  let store: BatchStore
  let consumer: BatchConsumer
  let publisher: EventPublisher

  /// An id that no other batch has.
  ///
  /// - Throws: `Problem` when there is none to be made.
  func newID() throws(Problem) -> BatchID {
    guard let id = BatchID(Digest.uuid(store.runtime.random(), store.runtime.random())) else { throw .internalError }
    return id
  }

  /// What becomes of students, at once.
  ///
  /// - Throws: `Problem` when some documents cannot be known now.
  func outcomes(of items: [BatchItem], _ school: SchoolID?, _ call: CallContext) async throws(Problem) -> [BatchOutcome] {
    try await consumer.outcomes(of: items, school, call)
  }

  /// Stores a job and orders its work.
  ///
  /// - Throws: `Problem` when the store or the broker does not take all of it.
  func begin(_ job: BatchJob, _ items: [BatchItem], _ call: CallContext) async throws(Problem) {
    try await store.begin(job, items, context: call)
    guard await publisher.publish(BatchConsumer.orders(for: job), to: job.priority.topic, context: call) else {
      throw .unavailable("the broker")
    }
  }

  /// A job with its students, and what has become of them so far; nil where there is none.
  ///
  /// - Throws: `Problem` when the store does not say.
  func standing(
    of id: BatchID, _ school: SchoolID?, _ call: CallContext
  ) async throws(Problem) -> (job: BatchJob, entries: [BatchEntry])? {
    guard let job = try await store.job(id, school, context: call) else { return nil }
    return (job, try await store.chunks(job.chunkKeys, context: call).flatMap(\.chunk.entries))
  }
}
