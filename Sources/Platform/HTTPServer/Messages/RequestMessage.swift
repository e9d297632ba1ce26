/// A request's head as read, with its framing.
struct RequestMessage {
  /// How the body's end is found (RFC 9112, 6.3).
  enum BodyFraming: Equatable {
    case none
    case length(UInt64)
    case chunked
  }

  /// Method, target in origin form, and headers.
  let head: HTTPRequestHead
  /// How the body's end is found.
  let framing: BodyFraming
  /// Whether another request may follow on the connection (RFC 9112, 9.3).
  let keepsAlive: Bool
  /// Whether the sender uses HTTP/1.0 and must be told that the connection is kept.
  let isOfVersion10: Bool
  /// Whether the sender waits for 100 Continue before the body (RFC 9110, 10.1.1).
  let expectsLeave: Bool

  /// Reads a head.
  ///
  /// - Parameter bytes: The head from its first line to its last, each with its CRLF, as `HeadScan` found it.
  /// - Throws: `HTTPRefusal` if it is not well formed, or framed so that two readers could see two messages.
  init(_ bytes: UnsafeRawBufferPointer) throws(HTTPRefusal) {
    var lines = Lines(bytes)
    guard let first = lines.next() else { throw .unreadable(status: 400) }
    let line = try RequestLine(first)
    var fields: [HTTPField] = []
    fields.reserveCapacity(12)
    var facts = FramingFacts()
    while let text = lines.next(), !text.isEmpty {
      let field = try FieldLine.read(text)
      try facts.take(field)
      fields.append(field.text)
    }
    framing = try facts.framing(isPersistent: line.isPersistent)
    if let authority = line.authority { fields.replaceHost(by: authority) }
    head = HTTPRequestHead(method: line.method, target: line.target, fields: fields)
    keepsAlive = !facts.closes && (line.isPersistent || facts.keepsAlive)
    isOfVersion10 = !line.isPersistent
    expectsLeave = facts.expectsLeave && line.isPersistent && framing != .none && framing != .length(0)
  }

  /// What can be read of a refused head: the headers up to the first invalid one, so that the answer can name the request.
  static func legible(_ bytes: UnsafeRawBufferPointer) -> HTTPRequestHead {
    var lines = Lines(bytes)
    let line = lines.next().flatMap { try? RequestLine($0) }
    var fields: [HTTPField] = []
    while let text = lines.next(), let field = try? FieldLine.read(text) { fields.append(field.text) }
    return HTTPRequestHead(method: line?.method ?? "", target: line?.target ?? "", fields: fields)
  }

  /// The lines of a head, each without its CRLF.
  private struct Lines {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer) {
      self.bytes = bytes
    }

    mutating func next() -> UnsafeRawBufferPointer? {
      guard let end = bytes[position...].firstIndex(of: .carriageReturn) else { return nil }
      defer { position = min(end + 2, bytes.count) }
      return UnsafeRawBufferPointer(rebasing: bytes[position..<end])
    }
  }
}

extension [HTTPField] {
  /// Sets the host of a target in absolute form, whatever the header says (RFC 9112, 3.2.2).
  fileprivate mutating func replaceHost(by authority: String) {
    if let index = firstIndex(where: { $0.name.equalsIgnoringCase("host") }) {
      self[index].value = authority
    } else {
      append(HTTPField("Host", authority))
    }
  }
}
