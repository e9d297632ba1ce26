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
    var json = JSONWriter(capacity: answer.data.count + 192)
    json.beginObject()
    json.key("success")
    json.boolean(true)
    json.key("data")
    json.raw(answer.data)
    meta(&json)
    json.endObject()
    return response(answer.status, json.bytes, answer.headers + headers)
  }

  /// A response that explains why there is no data.
  func failure(_ problem: Problem, _ headers: [Problem.Detail] = []) -> HTTPResponse {
    var json = JSONWriter(capacity: 512)
    json.beginObject()
    json.key("success")
    json.boolean(false)
    Self.error(problem, &json)
    meta(&json)
    json.endObject()
    return response(problem.status, json.bytes, problem.headers + headers)
  }

  /// Writes the member `error` of a problem.
  static func error(_ problem: Problem, _ json: inout JSONWriter) {
    json.key("error")
    json.beginObject()
    json.key("code")
    json.string(problem.code.rawValue)
    json.key("message")
    json.string(problem.message)
    json.key("details")
    json.beginObject()
    for detail in problem.details {
      json.key(named: detail.name)
      switch detail.value {
      case let value? where detail.isNumber: json.raw(value.utf8)
      case let value?: json.string(value)
      case nil: json.null()
      }
    }
    json.endObject()
    json.endObject()
  }

  private func meta(_ json: inout JSONWriter) {
    json.key("meta")
    json.beginObject()
    json.key("timestamp")
    json.string(now.iso8601)
    json.key("version")
    json.string(Self.version)
    json.key("correlation_id")
    json.string(correlationID)
    json.endObject()
  }

  private func response(_ status: Int, _ body: [UInt8], _ headers: [Problem.Detail]) -> HTTPResponse {
    ResponseHeaders.json(status: status, body: body, correlationID: correlationID, headers)
  }
}

/// The headers of every answer.
enum ResponseHeaders {
  private static let always = [
    HTTPField("Content-Type", "application/json; charset=utf-8"),
    HTTPField("X-Content-Type-Options", "nosniff"),
    HTTPField("Cache-Control", "no-store"),
    HTTPField("Content-Security-Policy", "default-src 'none'"),
    HTTPField("Referrer-Policy", "no-referrer"),
  ]

  /// A JSON response with the common headers.
  static func json(status: Int, body: [UInt8], correlationID: String, _ headers: [Problem.Detail] = []) -> HTTPResponse {
    var fields = always
    fields.append(HTTPField("X-Correlation-ID", correlationID))
    for header in headers { fields.append(HTTPField(header.name, header.value ?? "")) }
    return HTTPResponse(status: status, fields: fields, body: body)
  }

  /// A text response with the common headers.
  static func text(_ text: String, contentType: String, correlationID: String) -> HTTPResponse {
    var response = json(status: 200, body: Array(text.utf8), correlationID: correlationID)
    response.fields[0].value = contentType
    return response
  }
}
