internal import HTTPServer
internal import JSON
internal import MasteryCore

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
      Self.error(problem, &json)
      meta(&json)
    }
    return response(problem.status, json, problem.headers + headers)
  }

  /// Writes the member `error` of a problem.
  static func error(_ problem: Problem, _ json: inout JSONWriter) {
    json.object("error") { json in
      json.member("code", problem.code.rawValue)
      json.member("message", problem.message)
      json.object("details") { json in
        for detail in problem.details {
          if let value = detail.value, detail.isNumber {
            json.member(named: detail.name, raw: value.utf8)
          } else {
            json.member(named: detail.name, detail.value)
          }
        }
      }
    }
  }

  private func meta(_ json: inout JSONWriter) {
    json.object("meta") { json in
      json.member("timestamp", now.iso8601)
      json.member("version", Self.version)
      json.member("correlation_id", correlationID)
    }
  }

  private func response(_ status: Int, _ body: [UInt8], _ headers: [Problem.Detail]) -> HTTPResponse {
    ResponseHeaders.json(status: status, body: body, correlationID: correlationID, headers)
  }
}
