/// Bytes from outside, and what RFC 9112 makes of them.
struct FramingCase: Sendable, CustomStringConvertible {
  /// The expected outcome.
  enum Outcome: Sendable {
    /// Refused with that status: the connection closes, and nothing after it is read.
    case refused(Int)
    /// Read as these requests, each as method, target and body.
    case read([String])
  }

  let name: String
  let bytes: [UInt8]
  let outcome: Outcome

  init(_ name: String, _ text: String, _ outcome: Outcome) {
    (self.name, bytes, self.outcome) = (name, Array(text.utf8), outcome)
  }

  /// With a byte that UTF-8 does not allow, in place of the text's replacement character.
  init(_ name: String, _ text: String, byte: UInt8, _ outcome: Outcome) {
    self.name = name
    bytes = text.unicodeScalars.flatMap { $0 == "\u{2BD1}" ? [byte] : Array(String($0).utf8) }
    self.outcome = outcome
  }

  var description: String { name }

  static let all = lines + targets + hosts + fields + lengths + codings + chunks + sequences
}

/// A head with more headers than its Host.
func get(_ more: String = "", line: String = "GET / HTTP/1.1") -> String { "\(line)\r\nHost: h\r\n\(more)\r\n" }

/// A request with a chunked body.
func chunked(_ body: String, _ more: String = "") -> String {
  "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\(more)\r\n\(body)"
}

/// A request with a body of a declared length.
func sized(_ length: String, _ body: String, _ more: String = "") -> String {
  "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: \(length)\r\n\(more)\r\n\(body)"
}
