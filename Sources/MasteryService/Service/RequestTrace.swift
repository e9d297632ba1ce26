internal import DaprClient
internal import Encodings
internal import HTTPServer
internal import MasteryCore

/// What ties a request to its log line, its answer and the calls that it causes.
struct RequestTrace: Sendable {
  let correlationID: String
  /// The W3C trace parent that came along.
  let traceparent: String?
  let began: Timestamp
  let endpoint: String

  /// Takes the ids that came along, else makes one.
  init(_ head: HTTPRequestHead, runtime: Runtime) {
    let given = head.header("x-correlation-id") ?? head.header("x-request-id")
    correlationID = given.flatMap { EventID($0) == nil ? nil : $0 } ?? Digest.uuid(runtime.random(), runtime.random())
    traceparent = head.header("traceparent").flatMap { Self.isTraceParent($0) ? $0 : nil }
    began = runtime.now()
    endpoint = String(head.path)
  }

  /// Whether a text is a W3C trace parent of version 00; any other must not go on into a header of the calls to the sidecar.
  static func isTraceParent(_ text: String) -> Bool {
    guard text.utf8.count == 55, text.utf8.starts(with: "00-".utf8) else { return false }
    var (isTraceNamed, isSpanNamed) = (false, false)
    for (place, byte) in text.utf8.enumerated() {
      switch place {
      case 2, 35, 52:
        if byte != UInt8(ascii: "-") { return false }
      default:
        guard (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) else { return false }
        // An id of zeros names nothing.
        if byte != UInt8(ascii: "0") {
          isTraceNamed = isTraceNamed || (3..<35).contains(place)
          isSpanNamed = isSpanNamed || (36..<52).contains(place)
        }
      }
    }
    return isTraceNamed && isSpanNamed
  }

  /// The same request under the id that its body gives.
  init(_ trace: Self, correlationID: String) {
    self.correlationID = correlationID
    traceparent = trace.traceparent
    began = trace.began
    endpoint = trace.endpoint
  }

  /// What goes along with calls to the sidecar.
  var call: CallContext { CallContext(traceparent: traceparent) }

  /// How grave it is that a request ends with a status.
  static func severity(of status: Int) -> LogLevel { status >= 500 ? .error : .info }

  /// The request's log line.
  func line(endpoint: String, intent: String?, student: String?, status: Int, milliseconds: Int) -> LogLine {
    var fields: [(name: String, value: LogLine.Value)] = [("correlation_id", .text(correlationID))]
    if let traceparent { fields.append(("trace_id", .text(String(traceparent.dropFirst(3).prefix(32))))) }
    fields.append(("endpoint", .text(endpoint)))
    if let intent { fields.append(("intent", .text(intent))) }
    if let student { fields.append(("student_id", .text(student))) }
    fields.append(("duration_ms", .integer(milliseconds)))
    fields.append(("status_code", .integer(status)))
    return LogLine(Self.severity(of: status), "request", fields)
  }
}
