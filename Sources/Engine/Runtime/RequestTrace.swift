internal import DaprClient
internal import Encodings
internal import HTTPServer
internal import MasteryCore

/// The ids that connect a request with its log line, its answer and the calls that it causes.
struct RequestTrace: Sendable {
  let correlationID: String
  /// The incoming W3C trace parent.
  let traceparent: String?
  let began: Timestamp
  /// `Runtime.uptime` when it began.
  let uptime: Int64
  let endpoint: String

  /// Takes the incoming ids, or creates one.
  init(_ head: HTTPRequestHead, runtime: Runtime) {
    let given = head.header("x-correlation-id") ?? head.header("x-request-id")
    correlationID = given.flatMap { EventID($0) == nil ? nil : $0 } ?? Digest.uuid(runtime.random(), runtime.random())
    traceparent = head.header("traceparent").flatMap { Self.isTraceParent($0) ? $0 : nil }
    began = runtime.now()
    uptime = runtime.uptime()
    endpoint = String(head.path)
  }

  /// Whether a text is a W3C trace parent of version 00; any other must not be forwarded to the sidecar.
  static func isTraceParent(_ text: String) -> Bool {
    guard text.utf8.count == 55, text.utf8.starts(with: "00-".utf8) else { return false }
    var (isTraceNamed, isSpanNamed) = (false, false)
    for (position, byte) in text.utf8.enumerated() {
      switch position {
      case 2, 35, 52:
        if byte != UInt8(ascii: "-") { return false }
      default:
        guard (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) else { return false }
        // An id of only zeros is invalid.
        if byte != UInt8(ascii: "0") {
          isTraceNamed = isTraceNamed || (3..<35).contains(position)
          isSpanNamed = isSpanNamed || (36..<52).contains(position)
        }
      }
    }
    return isTraceNamed && isSpanNamed
  }

  /// Creates the trace of the same request under the id given in its body.
  init(_ trace: Self, correlationID: String) {
    self.correlationID = correlationID
    traceparent = trace.traceparent
    began = trace.began
    uptime = trace.uptime
    endpoint = trace.endpoint
  }

  /// The id of the trace, 32 hexadecimal digits; nil without one.
  var traceID: String? { traceparent.map { String($0.dropFirst(3).prefix(32)) } }

  /// The context of calls to the sidecar.
  var call: CallContext { CallContext(traceparent: traceparent) }

  /// The severity of a request that ends with a status.
  static func severity(of status: Int) -> LogLevel { status >= 500 ? .error : .info }

  /// The request's log line.
  func line(endpoint: String, intent: String?, student: String?, status: Int, milliseconds: Int) -> LogLine {
    var fields: [(name: String, value: LogLine.Value)] = [("correlation_id", .text(correlationID))]
    if let traceID { fields.append(("trace_id", .text(traceID))) }
    fields.append(("endpoint", .text(endpoint)))
    if let intent { fields.append(("intent", .text(intent))) }
    if let student { fields.append(("student_id", .text(student))) }
    fields.append(("duration_ms", .integer(milliseconds)))
    fields.append(("status_code", .integer(status)))
    return LogLine(Self.severity(of: status), "request", fields)
  }
}
