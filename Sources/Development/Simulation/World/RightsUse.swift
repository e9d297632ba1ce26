internal import HTTPServer
internal import Synchronization

/// Clients that use students' rights and retry their requests until they are confirmed.
final class RightsUse: Sendable {
  private let parts: WorldParts
  private let insistence: Insistence
  private let count = Mutex(0)

  init(_ parts: WorldParts, _ insistence: Insistence) {
    self.parts = parts
    self.insistence = insistence
  }

  /// Requests an erasure (`granted` is nil) or states whether consent is given, and retries until the request is confirmed.
  func insist(on granted: Bool?, of content: EventContent) {
    let number = count.withLock { count in
      count += 1
      return count
    }
    insistence.begin("rights request \(number) is not confirmed") { [self] in await use(granted, of: content, number) }
  }

  private func use(_ granted: Bool?, of content: EventContent, _ number: Int) async {
    let began = parts.timeline.now
    let index = parts.chronicle.content.asked.count
    parts.chronicle.note { $0.asked.append(.init(granted: granted, documentKey: content.documentKey, began: began)) }
    var tries = 0
    while !insistence.isClosed {
      tries += 1
      let timely = parts.replicas.all.filter(\.isOnTime)
      if let replica = timely.randomElement(using: parts.random) {
        let name = "right-\(number)-\(tries)"
        let answer = await replica.answer(Self.request(granted, content, name, replica.token(for: content.school))) { _ in }
        if let status = answer?.response.status {
          parts.trace.note("\(name) of \(content.owner), \(Self.words(granted)), is answered by replica \(replica.number): \(status)")
          parts.chronicle.note { [now = parts.timeline.now] chronicle in
            chronicle.answered.append(.init(documentKey: content.documentKey, correlationID: name, status: status))
            if status == 200 { chronicle.asked[index].ended = now }
          }
          // Nobody can tell which consent a damaged document holds, and nothing repairs it.
          if status == 200 || status == 500 && granted != nil { return }
        }
      } else if parts.plan.clocks.allSatisfy({ abs($0) > 60_000 }) {
        // No token is valid anywhere.
        return
      }
      if parts.chronicle.content.afflicted.contains(where: { $0.documentKey == content.documentKey && $0.fault == .keyFailsForGood }) {
        return
      }
      await parts.timeline.wait(min(15_000, 1_500 * tries))
    }
  }

  private static func request(_ granted: Bool?, _ content: EventContent, _ name: String, _ token: String) -> HTTPRequest {
    let body = granted.map { Array("{\"granted\":\($0)}".utf8) } ?? []
    let path = "/student/\(content.student.inStateKey)\(granted == nil ? "" : "/consent")"
    let fields = [
      HTTPField("Authorization", "Bearer \(token)"), HTTPField("X-Correlation-ID", name), HTTPField("Content-Type", "application/json"),
    ]
    return HTTPRequest(head: HTTPRequestHead(method: granted == nil ? "DELETE" : "PUT", target: path, fields: fields), body: body)
  }

  private static func words(_ granted: Bool?) -> String { granted.map { $0 ? "consent given" : "consent withdrawn" } ?? "erasure" }
}
