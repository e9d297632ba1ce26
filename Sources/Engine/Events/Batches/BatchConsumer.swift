internal import DaprClient
internal import Encodings
internal import JSON
internal import MasteryCore
internal import Metrics

/// Consumes the engine's own orders for batches: one chunk after the other, more urgent batches first.
struct BatchConsumer: DeliveryConsumer {
  private static let type: StaticString = "batch.chunk"

  /// How long batches wait for a document that cannot be read while others can, in milliseconds since that was first met: a failure for one
  /// student must not hold up the batches of others.
  private static let patience: Int64 = 30_000

  let store: BatchStore
  let students: StudentStore
  let metrics: ServiceMetrics
  let turns = AsyncSemaphore(1)
  private let meetings = FirstMeetings()

  /// A chunk to be processed.
  fileprivate struct Order: Sendable {
    let id: BatchID
    let school: SchoolID?
    let number: Int
  }

  // MARK: Ordering

  /// The orders to publish so that the chunks of a job are processed.
  static func orders(for job: BatchJob) -> [OutgoingEvent] {
    (0..<job.chunks).map { number in
      let id = Digest.uuid(named: "\(job.id.text)|\(number)")
      let bytes = CloudEvent.bytes(id: id, type: type, time: job.created) { json in
        if let school = job.school { json.member("school_id", school.text) }
        json.member("batch_id", job.id.text)
        json.member("chunk", number)
      }
      return CloudEvent.outgoing(bytes, partitionKey: "\(job.id.text)-\(number)")
    }
  }

  // MARK: Processing

  /// Processes a delivery of orders; anything else is acknowledged, because redelivery would not change it.
  func consume(_ incoming: IncomingDelivery) async -> Acknowledgement {
    let delivery = InternalDelivery(incoming.body) { Order($0) }
    let urgency = BatchJob.Priority(topic: incoming.topic)?.urgency ?? 0
    let acknowledgement = await incoming.traced(delivery.entries.lazy.map(\.context)) { trace in
      let context = trace.call
      let statuses = await delivery.entries.mappedSideBySide { entry in
        guard let order = entry.content else { return Acknowledgement.Status(entry: entry.id, isDone: true) }
        return Acknowledgement.Status(
          entry: entry.id, isDone: await turns.take(urgency: urgency) { await work(order, context) })
      }
      return Acknowledgement(isBulk: delivery.isBulk, statuses: statuses)
    }
    if let earliest = delivery.entries.compactMap(\.time).min() {
      metrics.batchLag.set(max(0, store.runtime.now().seconds(since: earliest)))
    }
    return acknowledgement
  }

  /// Processes one chunk.
  ///
  /// The chunk is read before the documents and saved with its ETag, so its outcomes are saved once, and nothing that an erasure removed in
  /// between comes back.
  ///
  /// - Returns: Whether the order is finished.
  private func work(_ order: Order, _ context: CallContext) async -> Bool {
    do throws(Problem) {
      guard let job = try await store.job(order.id, order.school, context: context), !job.isOver(store.runtime.now()) else { return true }
      let key = BatchJob.chunkKey(order.id, order.school, order.number)
      guard let found = try await store.chunks([key], context: context).first, let etag = found.etag, found.chunk.outcomes == nil else {
        return true
      }
      var chunk = found.chunk
      chunk.outcomes = try await outcomes(of: chunk.items, order.school, job.course, context) { key in
        meetings.waited(key.documentKey, now: store.runtime.now()) < Self.patience
      }
      return await store.save(chunk, at: key, etag: etag, context: context)
    } catch {
      // A chunk that cannot be read at all is not waited for: once its time is over, the batch itself reports that it was not finished.
      return error.code == .internalError
    }
  }

  /// The outcomes of students, from the given scores or their documents.
  ///
  /// - Parameters:
  ///   - items: The students.
  ///   - school: The students' school.
  ///   - course: The course that is asked about; nil for all of them together.
  ///   - context: Deadline and trace.
  ///   - waits: Whether to wait for a student whose document cannot be read now while others can; otherwise it is a failure of that
  ///     student.
  /// - Returns: The outcome of each item, in order.
  /// - Throws: `Problem` if some documents cannot be read now.
  func outcomes(
    of items: [BatchItem], _ school: SchoolID?, _ course: CourseID?, _ context: CallContext, waits: (StudentKey) -> Bool = { _ in true }
  ) async throws(Problem) -> [BatchOutcome] {
    let stored = items.filter { $0.components == nil && $0.fault == nil }.compactMap(\.student)
    let documents = try await students.documents(of: Set(stored), school: school, context: context)
    var outcomes: [BatchOutcome] = []
    var read: [StudentID] = []
    defer { meetings.forget(read.lazy.map { StudentKey(school: school, student: $0).documentKey }) }
    for item in items {
      if let fault = item.fault {
        outcomes.append(BatchOutcome(fault: fault))
      } else if let components = item.components {
        outcomes.append(.mastery(ShownMastery(Mastery(components: components))))
      } else if let student = item.student {
        let document = documents[student] ?? .failure(.noStudent(student))
        if case .failure(let problem) = document, problem.code == .unavailable {
          guard !waits(StudentKey(school: school, student: student)), await students.answers([], context: context) else { throw problem }
        } else {
          read.append(student)
        }
        outcomes.append(BatchOutcome(document, in: course))
      }
    }
    return outcomes
  }
}

extension BatchConsumer.Order {
  /// Reads the data of an order; nil if it is not an order.
  fileprivate init?(_ data: JSONValue) {
    guard let id = data["batch_id"]?.string.flatMap(BatchID.init), let number = data["chunk"]?.integer, (0..<1_000).contains(number) else {
      return nil
    }
    let school = data["school_id"].map { $0.string.flatMap(SchoolID.init) }
    if case .some(nil) = school { return nil }
    self.init(id: id, school: school ?? nil, number: Int(number))
  }
}
