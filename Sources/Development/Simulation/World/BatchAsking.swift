internal import HTTPServer
internal import JSON

/// Clients that retry batch requests until a replica accepts them.
final class BatchAsking: Sendable {
  private let parts: WorldParts
  private let insistence: Insistence

  init(_ parts: WorldParts, _ insistence: Insistence) {
    self.parts = parts
    self.insistence = insistence
  }

  /// Requests a batch.
  func ask(_ batch: PlannedBatch) {
    insistence.begin("batch \(batch.number) is not accepted") { [self] in await begin(batch) }
  }

  private func begin(_ batch: PlannedBatch) async {
    while !insistence.isClosed {
      let began = parts.timeline.now
      if let replica = parts.replicas.pick(parts.random.draw(0..<8)),
        let answer = await replica.answer(.asked("POST", "/batch/mastery", of: batch.school, batch.body), begins: { _ in })
      {
        let id = Survey.data(answer.response) { $0["batch_id"]?.string } ?? nil
        parts.trace.note("batch \(batch.number) is requested, and replica \(replica.number) answers \(answer.response.status)")
        if let id { return parts.chronicle.note { $0.batches.append(.init(planned: batch, id: id, began: began)) } }
        if answer.response.status != 503 {
          return parts.chronicle.note { $0.brokenAnswers.append("batch \(batch.number) was answered with \(answer.response.status)") }
        }
      }
      await parts.timeline.wait(1_500)
    }
  }
}
