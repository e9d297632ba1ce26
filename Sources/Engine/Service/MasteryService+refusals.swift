public import HTTPServer
internal import Metrics

/// What is refused before it is worked on.
extension MasteryService {
  /// The response to a request that the server itself refuses.
  public func refuse(_ refusal: HTTPRefusal, _ head: HTTPRequestHead) -> HTTPResponse {
    switch refusal {
    case .badFraming(let why): refused(.invalid("request", value: nil, "must be framed plainly: \(why)"), head)
    case .bodyTooLarge(let limit): refused(.invalid("body", value: nil, "must have at most \(limit) bytes", status: 413), head)
    case .unreadable(let status): refused(.unreadable(status), head)
    case .overloaded: refused(.overloaded, head)
    case .stopping: refused(.unavailable("the service is stopping and"), head)
    }
  }

  /// The same for a request of which no more than the head was looked at.
  func refused(_ problem: Problem, _ head: HTTPRequestHead) -> HTTPResponse {
    let response = refusal(problem, head)
    noteRefusal(head, status: response.status)
    return crossOrigin.complete(response, to: head)
  }

  /// The response to a request that cannot be answered because of a problem, which is counted and logged.
  func refusal(_ problem: Problem, _ head: HTTPRequestHead) -> HTTPResponse {
    let trace = RequestTrace(head, runtime: runtime)
    metrics.requests.add(1, RequestLabels(intent: "refused", status: problem.status))
    log(
      RequestTrace.severity(of: problem.status),
      trace.line(
        endpoint: String(head.path.prefix(200)), intent: nil, student: nil, status: problem.status, milliseconds: 0,
        reason: problem.outage),
      at: trace.began)
    return Route.isMCP(head.path)
      ? RPCAnswer.refusal(problem, correlationID: trace.correlationID)
      : Envelope(correlationID: trace.correlationID, now: trace.began).failure(problem)
  }
}
