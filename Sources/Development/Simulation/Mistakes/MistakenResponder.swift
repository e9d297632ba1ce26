internal import HTTPServer
internal import JSON
internal import MasteryService

/// A replica's request handler with a planted mistake in how it answers deliveries.
struct MistakenResponder: Responder {
  let base: ServiceResponder
  let mistake: Mistake
  let executor: SeededExecutor
  let runtime: Runtime

  func answer(_ request: HTTPRequest) async -> HTTPResponse {
    guard request.head.path.hasPrefix("/events/") else { return await base.answer(request) }
    if mistake == .handlerSleeps { await runtime.sleep(milliseconds: 30) }
    if mistake == .erasureNotResumed {
      return request.head.path.hasSuffix("/mastery.erasures") ? Self.success(request) : await base.answer(request)
    }
    if mistake == .deadLetterNotKept, request.head.path.hasSuffix("/mastery.dlq") { return Self.success(request) }
    if mistake == .acknowledgedFirst {
      executor.begin { _ = await base.answer(request) }
      return Self.success(request)
    }
    var response = await base.answer(request)
    let body = try? JSONDocument.parse(response.body) { (root) throws(Never) in corrupted(root) }
    if let body { response.body = body }
    return response
  }

  private func corrupted(_ answer: JSONValue) -> [UInt8] {
    guard let statuses = answer["statuses"] else {
      guard mistake == .failedIsDropped, let status = answer["status"]?.string else { return answer.compactBytes }
      return Self.bytes(status == "RETRY" ? "DROP" : status)
    }
    var hasRetried = false
    return Self.bytes(
      statuses.elements.map { entry in
        let id = entry["entryId"]?.string ?? ""
        guard let status = entry["status"]?.string, status == "RETRY" else { return (id, "SUCCESS") }
        if mistake == .failedIsDropped { return (id, "DROP") }
        defer { hasRetried = true }
        return (id, hasRetried ? "SUCCESS" : status)
      })
  }

  /// An answer that acknowledges all entries.
  private static func success(_ request: HTTPRequest) -> HTTPResponse {
    let body = try? JSONDocument.parse(request.body) { (root) throws(Never) in
      guard let entries = root["entries"] else { return bytes("SUCCESS") }
      return bytes(entries.elements.map { ($0["entryId"]?.string ?? "", "SUCCESS") })
    }
    return HTTPResponse(status: 200, body: body ?? bytes("SUCCESS"))
  }

  private static func bytes(_ status: String) -> [UInt8] { Array("{\"status\":\"\(status)\"}".utf8) }

  private static func bytes(_ statuses: [(id: String, word: String)]) -> [UInt8] {
    let entries = statuses.map { "{\"entryId\":\"\($0.id)\",\"status\":\"\($0.word)\"}" }
    return Array("{\"statuses\":[\(entries.joined(separator: ","))]}".utf8)
  }
}
