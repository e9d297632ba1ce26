/// Finds the bytes of a request's body, and its end, in incoming bytes.
enum BodyIntake {
  case length(UInt64)
  case chunked(ChunkedBody)

  /// The intake of a body that is still to come.
  init(_ framing: RequestMessage.BodyFraming) {
    switch framing {
    case .none: self = .length(0)
    case .length(let count): self = .length(count)
    case .chunked: self = .chunked(ChunkedBody())
    }
  }

  /// Whether the body has ended.
  var isOver: Bool {
    switch self {
    case .length(let left): left == 0
    case .chunked(let body): body.isOver
    }
  }

  /// Most bytes that can be read without reading past the body; nil if that is unknown.
  var known: UInt64? { if case .length(let left) = self { left } else { nil } }

  /// Reads on from a position in the bytes, and moves it.
  ///
  /// - Returns: The next bytes of the body; nil when the bytes are used up or the body has ended.
  /// - Throws: `HTTPRefusal` if the chunks are invalid.
  mutating func next(in bytes: UnsafeRawBufferPointer, from position: inout Int) throws(HTTPRefusal) -> UnsafeRawBufferPointer? {
    switch self {
    case .length(let left):
      let count = Int(min(left, UInt64(bytes.count - position)))
      guard count > 0 else { return nil }
      defer { position += count }
      self = .length(left - UInt64(count))
      return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
    case .chunked(var body):
      // Only one value holds the line being gathered, so that it is not copied.
      self = .length(0)
      defer { self = .chunked(body) }
      return try body.next(in: bytes, from: &position)
    }
  }
}
