internal import Encodings

/// A W3C trace context: which trace a call belongs to, and a span of this sidecar in it.
struct TraceContext: Sendable {
  /// The trace's 32 digits.
  let trace: String

  /// Continues the trace of a valid `traceparent` header, or begins a new one.
  init(continuing header: String?, _ random: inout RandomBits) {
    if let header, header.utf8.count == 55, header.hasPrefix("00-") {
      trace = String(header.dropFirst(3).prefix(32))
    } else {
      trace = Hexadecimal.text(random.next()) + Hexadecimal.text(random.next())
    }
  }

  /// A `traceparent` with a new span.
  func span(_ random: inout RandomBits) -> String {
    "00-\(trace)-\(Hexadecimal.text(random.next()))-01"
  }
}
