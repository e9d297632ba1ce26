internal import DaprClient
internal import Encodings
internal import HTTPServer
internal import MasteryCore
internal import Tracing

/// The ids that connect a request with its log line, its answer and the calls that it causes.
struct RequestTrace: Sendable {
  private(set) var correlationID: String
  /// The W3C trace parent of calls: the incoming one, or the request's own span.
  private(set) var traceparent: String?
  /// The incoming `tracestate`, unchanged; nil without a trace parent.
  private(set) var tracestate: String?
  /// The incoming `baggage`, unchanged.
  let baggage: String?
  let began: Timestamp
  /// `Runtime.uptime` when it began.
  let uptime: Int64
  let endpoint: String

  /// Takes the incoming ids, or creates one.
  init(_ head: HTTPRequestHead, runtime: Runtime) {
    let given = head.header("x-correlation-id") ?? head.header("x-request-id")
    correlationID = given.flatMap { EventID($0) == nil ? nil : $0 } ?? Digest.uuid(runtime.random(), runtime.random())
    // One of another version must not be forwarded to the sidecar.
    traceparent = head.header("traceparent").flatMap { SpanContext(traceparent: $0) == nil ? nil : $0 }
    tracestate = traceparent == nil ? nil : Self.text(head.values(of: "tracestate"))
    baggage = Self.text(head.values(of: "baggage"))
    began = runtime.now()
    uptime = runtime.uptime()
    endpoint = String(head.path)
  }

  /// Maximum bytes of a trace state or baggage passed on; longer values are left out.
  private static let longest = 512

  /// Whether a text may be passed on as trace state or baggage.
  static func isPassedOn(_ text: some Collection<UInt8>) -> Bool {
    (1...longest).contains(text.count) && text.allSatisfy { (0x20...0x7E).contains($0) }
  }

  /// A header that may be on several lines; nil if it is not passed on.
  private static func text(_ values: [String]) -> String? {
    guard !values.isEmpty else { return nil }
    let text = values.joined(separator: ",")
    return isPassedOn(text.utf8) ? text : nil
  }

  /// Creates the trace of the same request under the id given in its body.
  init(_ trace: Self, correlationID: String) {
    self = trace
    self.correlationID = correlationID
  }

  /// Creates the trace of the same request whose calls are caused by a span of its own.
  init(_ trace: Self, in span: SpanContext) {
    self = trace
    traceparent = span.traceparent
    if trace.context?.isInTrace(of: span) != true { tracestate = nil }
  }

  /// The ids of the trace parent; nil without one.
  var context: SpanContext? { traceparent.flatMap { SpanContext(traceparent: $0) } }

  /// The id of the trace, 32 hexadecimal digits; nil without one.
  var traceID: String? { traceparent.map { String($0.dropFirst(3).prefix(32)) } }

  /// The context of calls to the sidecar.
  var call: CallContext { CallContext(traceparent: traceparent, tracestate: tracestate, baggage: baggage) }

  /// The severity of a request that ends with a status.
  static func severity(of status: Int) -> LogLevel { status >= 500 ? .error : .info }

  /// The request's log line; `reason` is why it failed.
  func line(endpoint: String, intent: String?, student: String?, status: Int, milliseconds: Int, reason: String?) -> LogLine {
    var fields: [(name: String, value: LogLine.Value)] = [("correlation_id", .text(correlationID))]
    if let traceID { fields.append(("trace_id", .text(traceID))) }
    fields.append(("endpoint", .text(endpoint)))
    if let intent { fields.append(("intent", .text(intent))) }
    if let student { fields.append(("student_id", .text(student))) }
    fields.append(("duration_ms", .integer(milliseconds)))
    fields.append(("status_code", .integer(status)))
    if let reason { fields.append(("reason", .text(reason))) }
    return LogLine(Self.severity(of: status), "request", fields)
  }
}
