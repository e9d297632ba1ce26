internal import HTTPServer
internal import Tracing

/// The spans of requests.
extension MasteryService {
  /// The methods that the conventions name; any other would be a name without end.
  private static let methods: Set = ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"]

  /// Answers a request within a span, if its parent is sampled; the span of a delivery is its consumer's.
  func spanning(
    _ head: HTTPRequestHead, _ route: Route, _ trace: RequestTrace, _ work: (RequestTrace) async -> HTTPResponse
  ) async -> HTTPResponse {
    if case .events = route { return await work(trace) }
    guard let tracer, let span = tracer.open(trace) else { return await work(trace) }
    let response = await work(RequestTrace(trace, in: span.context))
    end(span, head, route, status: response.status)
    return response
  }

  /// Notes a request that was refused by its head, if its parent is sampled.
  func noteRefusal(_ head: HTTPRequestHead, status: Int) {
    guard let tracer, let span = tracer.open(RequestTrace(head, runtime: runtime)) else { return }
    end(span, head, Route(path: head.path, subscriptions: subscriptions, intents: requests.intents), status: status)
  }

  /// Ends a request's span.
  ///
  /// Ids of students in a path stay here, as the conventions want it: what a collector keeps is neither exported nor erased.
  private func end(_ span: Tracer.Open, _ head: HTTPRequestHead, _ route: Route?, status: Int) {
    let isKnown = Self.methods.contains(head.method)
    var attributes = [
      Span.Attribute("http.request.method", isKnown ? head.method : "_OTHER"),
      Span.Attribute("url.scheme", configuration.tls == nil ? "http" : "https"),
      Span.Attribute("url.path", route.map { $0.template.contains("{") ? $0.template : String(head.path) } ?? "REDACTED"),
      Span.Attribute("http.response.status_code", status),
    ]
    if let route { attributes.append(Span.Attribute("http.route", route.template)) }
    let name = (isKnown ? head.method : "HTTP") + (route.map { " \($0.template)" } ?? "")
    tracer?.end(span, name, .server, attributes, error: status >= 500 ? "\(status)" : nil)
  }
}
