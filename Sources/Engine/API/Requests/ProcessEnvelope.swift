internal import HTTPServer
internal import JSON
internal import MasteryCore
internal import Schemas

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

  /// What an answer says of its work.
  struct Metadata: Sendable {
    let intent: String?
    let milliseconds: Int64
  }

  /// The form of `metadata`.
  static let metadata = ObjectShape<Metadata>("ProcessMetadata", "what an answer says of its work") {
    Member.nullable("intent", .text(), "the intent that was asked for; null if none could be read") { $0.intent }
    Member("duration_ms", .count, "how long it took, in milliseconds") { $0.milliseconds }
    Member("version", .text(), "the version of the service") { _ in Envelope.version }
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
      json.object("error") { Problem.shape.writeMembers(of: problem, to: &$0) }
    }
  }

  private func response(
    _ status: Int, _ headers: [Problem.Detail], now: Timestamp, _ content: (inout JSONWriter) -> Void
  ) -> HTTPResponse {
    let json = JSONWriter.object(capacity: 2048) { json in
      content(&json)
      json.object("metadata") {
        let metadata = Metadata(intent: intent, milliseconds: now.milliseconds - trace.began.milliseconds)
        Self.metadata.writeMembers(of: metadata, to: &$0)
      }
      json.member("correlation_id", correlationID)
    }
    return ResponseHeaders.json(status: status, body: json, correlationID: correlationID, headers)
  }
}
