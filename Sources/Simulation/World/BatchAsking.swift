internal import HTTPServer
internal import JSON
internal import Synchronization

/// Those who ask for batches: again and again until one is begun.
final class BatchAsking: Sendable {
  private let parts: WorldParts
  private let state = Mutex((waiting: [Int](), isClosed: false))

  init(_ parts: WorldParts) { self.parts = parts }

  /// Batches that somebody still asks for.
  var waiting: [String] { state.withLock { $0.waiting.map { "batch \($0) is not begun" } } }

  /// Nobody asks any longer.
  func close() { state.withLock { $0.isClosed = true } }

  /// Asks for a batch.
  func ask(_ batch: PlannedBatch) {
    state.withLock { $0.waiting.append(batch.number) }
    parts.executor.begin { [self] in
      await begin(batch)
      state.withLock { $0.waiting.removeAll { $0 == batch.number } }
    }
  }

  private func begin(_ batch: PlannedBatch) async {
    while !state.withLock({ $0.isClosed }) {
      let began = parts.timeline.now
      if let replica = parts.replicas.pick(parts.random.draw(0..<8)),
        let answer = await replica.answer(Survey.request("POST", "/batch/mastery", batch.school, batch.body), begins: { _ in })
      {
        let id = Survey.data(answer.response) { $0["batch_id"]?.string } ?? nil
        parts.trace.note("batch \(batch.number) is asked for, and replica \(replica.number) answers \(answer.response.status)")
        if let id { return parts.chronicle.note { $0.batches.append(.init(planned: batch, id: id, began: began)) } }
        if answer.response.status != 503 {
          return parts.chronicle.note { $0.brokenAnswers.append("batch \(batch.number) was answered \(answer.response.status)") }
        }
      }
      await parts.timeline.wait(1_500)
    }
  }
}
