/// An answer that has not been fully written yet.
struct Outgoing {
  /// Most bytes of a body that are copied behind the head, to be written with it.
  private static let copied = 16 << 10

  /// Head, and a small body, if they had to be kept.
  private var kept: [UInt8] = []
  private var body: [UInt8] = []
  private var headSize = 0
  /// Written bytes of an unfinished answer.
  private(set) var written = 0

  /// Whether everything has been written.
  var isOver: Bool { written == headSize + body.count }

  /// Begins an answer.
  ///
  /// - Parameters:
  ///   - head: The head, to which a small body is added; it must be handed to `write` until the answer is over.
  ///   - body: The body.
  mutating func begin(head: inout [UInt8], body: [UInt8]) {
    if body.count <= Self.copied {
      head.append(contentsOf: body)
      self.body = []
    } else {
      self.body = body
    }
    kept = []
    (headSize, written) = (head.count, 0)
  }

  /// Writes as much as is accepted now.
  ///
  /// - Parameters:
  ///   - transport: Where to.
  ///   - head: The head given to `begin`, as long as nothing had to be kept.
  /// - Returns: False if the connection is broken.
  mutating func write(to transport: Transport, from head: [UInt8]) -> Bool {
    while written < headSize {
      let count = (kept.isEmpty ? head : kept).withUnsafeBytes { transport.write(UnsafeRawBufferPointer(rebasing: $0[written..<headSize])) }
      guard let count else { return false }
      written += count
      guard count > 0 else {
        if kept.isEmpty { kept = Array(head[..<headSize]) }
        return true
      }
    }
    while !isOver {
      let offset = written - headSize
      guard let count = body.withUnsafeBytes({ transport.write(UnsafeRawBufferPointer(rebasing: $0[offset...])) }) else { return false }
      written += count
      if count == 0 { return true }
    }
    (kept, body, headSize, written) = ([], [], 0, 0)
    return true
  }
}
