internal import DaprClient
internal import HTTPServer
internal import JSON
internal import Synchronization

/// Clients that send requests to replicas over HTTP and retry those that must succeed.
final class Clients: Sendable {
  private let parts: WorldParts
  private let insistence: Insistence
  private let rights: RightsUse
  private let batches: BatchAsking
  private let queries = Mutex(0)

  init(_ parts: WorldParts) {
    self.parts = parts
    insistence = Insistence(parts.executor)
    rights = RightsUse(parts, insistence)
    batches = BatchAsking(parts, insistence)
  }

  /// Requests that are still retried.
  var waiting: [String] { insistence.waiting }

  /// Stops all retries.
  func close() { insistence.close() }

  /// Sends a request to a replica.
  func ask(_ request: PlannedRequest) {
    switch request.kind {
    case .query(let school, let student): parts.executor.begin { [self] in await query(school, student) }
    case .ingest(let content, let body, let key):
      insistence.begin("request \(key) is not answered") { [self] in await ingest(content, body, key) }
    case .erase(let school, let student): rights.insist(on: nil, of: EventContent(school: school, student: student))
    case .consent(let school, let student, let granted): rights.insist(on: granted, of: EventContent(school: school, student: student))
    case .batch(let batch): batches.ask(batch)
    }
  }

  private func query(_ school: String?, _ student: String) async {
    guard let replica = parts.replicas.pick(parts.random.draw(0..<8)) else { return }
    let content = EventContent(school: school, student: student)
    let began = parts.timeline.now
    let name = parts.plan.hasRights ? nextName() : nil
    let fields = name.map { [HTTPField("X-Correlation-ID", $0)] } ?? []
    let request = HTTPRequest.asked("POST", "/mastery/query", of: school, "{\"student_id\":\"\(student)\"}", fields)
    guard let answer = await replica.answer(request, begins: { _ in }) else { return }
    parts.trace.note("the mastery of \(content.owner) is queried, and replica \(replica.number) answers \(answer.response.status)")
    parts.chronicle.note { [now = parts.timeline.now] chronicle in
      chronicle.queried.append(.init(documentKey: content.documentKey, began: began, ended: now, response: answer.response))
      guard let name else { return }
      chronicle.answered.append(.init(documentKey: content.documentKey, correlationID: name, status: answer.response.status))
    }
  }

  private func nextName() -> String {
    queries.withLock { queries in
      queries += 1
      return "query-\(queries)"
    }
  }

  private func ingest(_ content: EventContent, _ body: String, _ key: String) async {
    var tries = 0
    while !insistence.isClosed {
      if let replica = parts.replicas.pick(parts.random.draw(0..<8)) {
        let request = HTTPRequest.asked("POST", "/mastery/ingest", of: content.school, body, [HTTPField("Idempotency-Key", key)])
        if let answer = await replica.answer(request, begins: { _ in }), answer.response.status != 503 {
          let status = answer.response.status
          parts.trace.note("event \(content.id ?? "") of \(content.owner) is sent to replica \(replica.number): \(status)")
          parts.chronicle.note { [now = parts.timeline.now] chronicle in
            chronicle.ingested.append(.init(content: content, at: now, answer: answer))
          }
          // Now and then, a sender does not learn that its event was accepted.
          if status != 202 || tries > 1 || !parts.random.once(in: 3) { break }
        }
      }
      tries += 1
      await parts.timeline.wait(1_500)
    }
  }
}

extension HTTPRequest {
  /// A request of a caller that may access a school.
  static func asked(
    _ method: String, _ target: String, of school: String?, _ body: String = "", _ fields: [HTTPField] = []
  ) -> HTTPRequest {
    let own = [HTTPField("Content-Type", "application/json")] + (school.map { [HTTPField("X-School-ID", $0)] } ?? [])
    return HTTPRequest(head: HTTPRequestHead(method: method, target: target, fields: own + fields), body: Array(body.utf8))
  }
}

extension WorldParts {
  /// Handles an event that a replica published for replicas: one that it received over HTTP.
  func ingested(_ published: SimulatedSidecar.Published, _ broker: SimulatedBroker) {
    let id = try? JSONDocument.parse(published.event.body) { (root) throws(Never) in root["event_id"]?.string }
    let content = plan.requests.lazy.compactMap { request -> EventContent? in
      guard case .ingest(let content, _, _) = request.kind, content.id == id else { return nil }
      return content
    }.first
    guard let content else {
      chronicle.note { $0.brokenAnswers.append("an event that nobody sent was published: \(id ?? "without id")") }
      return
    }
    broker.publish(published.topic, String(decoding: published.event.body, as: UTF8.self), .object, content)
  }

  /// Handles the engine's own work that a replica published: it is delivered like any event.
  func ownWork(_ published: SimulatedSidecar.Published, _ broker: SimulatedBroker) {
    let read = try? JSONDocument.parse(published.event.body) { (root) throws(Never) in
      let data = root["data"]
      return (data?["school_id"]?.string, data?["student_id"]?.string ?? published.event.partitionKey ?? "", data?["requested_at"]?.integer)
    }
    guard let (school, student, requestedAt) = read else { return }
    let content = EventContent(school: school, student: student)
    if let requestedAt {
      chronicle.note { [now = timeline.now] in
        $0.erasuresTaken.append(.init(documentKey: content.documentKey, requestedAt: requestedAt, at: now))
      }
    }
    broker.publish(published.topic, String(decoding: published.event.body, as: UTF8.self), .bare, content)
  }
}
