/// Decodes a body that comes in chunks (RFC 9112, 7.1).
struct ChunkedBody {
  /// Most bytes of one chunk's line, or of one line of the trailers.
  private static let lineLimit = 1 << 10
  /// Most bytes of all extensions of a body together, and most bytes of its trailers.
  private static let extrasLimit = 8 << 10

  private enum Step {
    case sizeLine
    case data(UInt64)
    case dataEnd
    case trailers
    case over
  }

  private var step = Step.sizeLine
  private var line: [UInt8] = []
  private var isAfterReturn = false
  private var extras = 0

  /// Whether the body has ended.
  var isOver: Bool { if case .over = step { true } else { false } }

  /// Reads on from a position in the bytes, and moves it.
  ///
  /// - Returns: The next bytes of the body itself; nil when the bytes are used up or the body has ended.
  /// - Throws: `HTTPRefusal.unreadable` if the chunks are invalid: 413 for a size beyond 63 bits, 400 for everything else.
  mutating func next(in bytes: UnsafeRawBufferPointer, from position: inout Int) throws(HTTPRefusal) -> UnsafeRawBufferPointer? {
    while position < bytes.count {
      switch step {
      case .sizeLine: if try readLine(bytes, &position) { try endSizeLine() }
      case .data(let left):
        let count = Int(min(left, UInt64(bytes.count - position)))
        defer { position += count }
        step = left == UInt64(count) ? .dataEnd : .data(left - UInt64(count))
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
      case .dataEnd:
        if try readLine(bytes, &position) { step = .sizeLine }
        if !line.isEmpty { throw .unreadable(status: 400) }
      case .trailers: if try readLine(bytes, &position) { try endTrailer() }
      case .over: return nil
      }
    }
    return nil
  }

  /// Gathers a line; true once its CRLF has come.
  private mutating func readLine(_ bytes: UnsafeRawBufferPointer, _ position: inout Int) throws(HTTPRefusal) -> Bool {
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if isAfterReturn {
        guard byte == .lineFeed else { throw .unreadable(status: 400) }
        isAfterReturn = false
        return true
      }
      switch byte {
      case .carriageReturn: isAfterReturn = true
      case .tab, 0x20...0x7E, 0x80...:
        guard line.count < Self.lineLimit else { throw .unreadable(status: 400) }
        line.append(byte)
        // Behind a chunk's bytes there is nothing to gather.
        if case .dataEnd = step { return false }
      default: throw .unreadable(status: 400)
      }
    }
    return false
  }

  private mutating func endSizeLine() throws(HTTPRefusal) {
    var size: UInt64 = 0
    var digits = 0
    while digits < line.count, let digit = line[digits].hexadecimal {
      guard size < 1 << 59 else { throw .unreadable(status: 413) }
      size = size << 4 | UInt64(digit)
      digits += 1
    }
    guard digits > 0, ChunkExtensions.areWellFormed(line[digits...]) else { throw .unreadable(status: 400) }
    try count(line.count - digits)
    line.removeAll(keepingCapacity: true)
    step = size == 0 ? .trailers : .data(size)
  }

  /// Reads a trailer, which is not used here, or the end.
  private mutating func endTrailer() throws(HTTPRefusal) {
    guard !line.isEmpty else {
      step = .over
      return
    }
    let fault = line.withUnsafeBytes { (bytes) -> HTTPRefusal? in
      do throws(HTTPRefusal) {
        _ = try FieldLine.read(bytes)
        return nil
      } catch {
        return error
      }
    }
    if let fault { throw fault }
    try count(line.count)
    line.removeAll(keepingCapacity: true)
  }

  /// Counts bytes that are not part of the body itself.
  private mutating func count(_ bytes: Int) throws(HTTPRefusal) {
    extras += bytes
    if extras > Self.extrasLimit { throw .unreadable(status: 400) }
  }
}
