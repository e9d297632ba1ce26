internal import HTTPServer
internal import JSON
internal import MasteryCore

/// The form of an answer to `/process`.
struct ProcessEnvelope {
  private let trace: RequestTrace
  private(set) var correlationID: String
  private var intent: String?

  init(trace: RequestTrace) {
    self.trace = trace
    correlationID = trace.correlationID
  }

  /// Takes the name and the correlation id from a parsed request.
  mutating func take(_ request: ProcessRequest) {
    intent = try? request.content.get().name
    correlationID = request.correlationID ?? correlationID
  }

  func response(_ outcome: Gate.Outcome, now: Timestamp) -> HTTPResponse {
    switch outcome.answer {
    case .success(let answer): success(answer, outcome.headers, now: now)
    case .failure(let problem): failure(problem, outcome.headers, now: now)
    }
  }

  private func success(_ answer: Answer, _ headers: [Problem.Detail], now: Timestamp) -> HTTPResponse {
    response(answer.status, answer.headers + headers, now: now) { json in
      json.member("success", true)
      json.member("data", raw: answer.data)
    }
  }

  private func failure(_ problem: Problem, _ headers: [Problem.Detail], now: Timestamp) -> HTTPResponse {
    response(problem.status, problem.headers + headers, now: now) { json in
      json.member("success", false)
      Envelope.error(problem, &json)
    }
  }

  private func response(
    _ status: Int, _ headers: [Problem.Detail], now: Timestamp, _ content: (inout JSONWriter) -> Void
  ) -> HTTPResponse {
    let json = JSONWriter.object(capacity: 2048) { json in
      content(&json)
      json.object("metadata") { json in
        json.member("intent", intent)
        json.member("duration_ms", now.milliseconds - trace.began.milliseconds)
        json.member("version", Envelope.version)
      }
      json.member("correlation_id", correlationID)
    }
    return ResponseHeaders.json(status: status, body: json, correlationID: correlationID, headers)
  }
}
