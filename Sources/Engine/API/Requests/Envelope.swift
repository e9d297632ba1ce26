internal import HTTPServer
internal import JSON
internal import MasteryCore
internal import Schemas

/// The form of every answer.
struct Envelope {
  /// The version of the service in answers and on the command line.
  static let version = ServiceVersion.current

  let correlationID: String
  let now: Timestamp

  /// The response for an outcome of the gate.
  func response(_ outcome: Gate.Outcome) -> HTTPResponse {
    switch outcome.answer {
    case .success(let answer): success(answer, outcome.headers)
    case .failure(let problem): failure(problem, outcome.headers)
    }
  }

  private func success(_ answer: Answer, _ headers: [Problem.Detail]) -> HTTPResponse {
    let json = JSONWriter.object(capacity: answer.data.count + 192) { json in
      json.member("success", true)
      json.member("data", raw: answer.data)
      meta(&json)
    }
    return response(answer.status, json, answer.headers + headers)
  }

  /// A response that explains why there is no data.
  func failure(_ problem: Problem, _ headers: [Problem.Detail] = []) -> HTTPResponse {
    let json = JSONWriter.object(capacity: 512) { json in
      json.member("success", false)
      json.object("error") { Problem.shape.writeMembers(of: problem, to: &$0) }
      meta(&json)
    }
    return response(problem.status, json, problem.headers + headers)
  }

  /// The form of `meta`.
  static let meta = ObjectShape<Self>("Meta", "what every answer says of itself") {
    Member("timestamp", .moment, "when the request came in") { $0.now }
    Member("version", .text(), "the version of the service") { _ in version }
    Member("correlation_id", .text(), "ties the answer to log lines and audit records") { $0.correlationID }
  }

  private func meta(_ json: inout JSONWriter) {
    json.object("meta") { Self.meta.writeMembers(of: self, to: &$0) }
  }

  private func response(_ status: Int, _ body: [UInt8], _ headers: [Problem.Detail]) -> HTTPResponse {
    ResponseHeaders.json(status: status, body: body, correlationID: correlationID, headers)
  }
}
