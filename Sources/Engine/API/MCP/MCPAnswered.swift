internal import HTTPServer
internal import JSON
internal import MasteryCore

/// A message and what is answered to it.
struct MCPAnswered {
  /// The body; nil if the message gets no answer.
  var body: [UInt8]?
  /// The HTTP status.
  var status = 202
  var headers: [Problem.Detail] = []
  var intent = Route.mcp.name
  var outcome: Gate.Outcome?
  /// The status for log and metrics: that of the intent, or of what it was refused for.
  var ownStatus = 202

  /// A message that gets no answer.
  init() {}

  init(_ result: MCPResult, to sender: MCPMessage.Sender) {
    body = RPCAnswer.result(result, to: sender)
    status = 200
    headers = result.outcome?.headers ?? []
    intent = result.intent ?? intent
    outcome = result.outcome
    ownStatus = result.outcome?.status ?? 200
  }

  init(_ error: RPCError, to sender: MCPMessage.Sender?) {
    body = RPCAnswer.error(error, id: sender?.id)
    // Before 2026-07-28 an error was an answer like any other, and some clients look no further than the status.
    status = sender.map { $0.isStateless || $0.id == nil } ?? true ? error.status : 200
    headers = error.headers
    outcome = error.outcome
    ownStatus = error.status
  }

  /// A list of the answers of several messages; log and metrics are told of the worst.
  init(joining answers: [MCPAnswered]) {
    let bodies = answers.compactMap(\.body)
    if !bodies.isEmpty {
      body = JSONWriter.array { json in for body in bodies { json.raw(body) } }
      status = 200
    }
    ownStatus = answers.map(\.ownStatus).max() ?? status
    outcome = answers.compactMap(\.outcome).max { $0.status < $1.status }
  }

  func response(_ trace: RequestTrace) -> AnsweredRequest {
    var response = ResponseHeaders.json(status: status, body: body ?? [], correlationID: trace.correlationID, headers)
    if body == nil { response.fields.removeAll { $0.name == "Content-Type" } }
    return AnsweredRequest(
      response: response, intent: intent, student: outcome?.subject?.text, outage: outcome?.outage, status: ownStatus)
  }
}
