/// Finds the end of a request's head in bytes that arrive piece by piece.
///
/// Whatever two readers could understand differently is refused as soon as it comes: lines that end in anything but CRLF, and control bytes
/// (RFC 9112, 2.2; RFC 9110, 5.5).
struct HeadScan {
  /// Empty lines that are skipped before a request (RFC 9112, 2.2).
  private static let emptyLines = 2

  /// Bytes from the first of the request itself, once it has begun.
  private(set) var start = 0
  private let limit: Int
  private var scanned = 0
  private var lineLength = 0
  private var isFirstLine = true
  private var isAfterReturn = false

  /// A scan of a head that has not begun.
  init(limit: Int) {
    self.limit = limit
  }

  /// Whether no byte of a request has come yet.
  var isUntouched: Bool { scanned == 0 }

  /// Reads on.
  ///
  /// - Parameter bytes: All bytes of the head so far, including those read before.
  /// - Returns: The head's length, including its last empty line; nil if it has not ended.
  /// - Throws: `HTTPRefusal.unreadable` if it is not a head or is too long.
  mutating func end(in bytes: UnsafeRawBufferPointer) throws(HTTPRefusal) -> Int? {
    var position = scanned
    let last = min(bytes.count, start + limit)
    while position < last {
      let byte = bytes[position]
      position += 1
      if byte > 0x1F, byte != 0x7F, !isAfterReturn {
        lineLength += 1
        continue
      }
      guard let isEnd = readControl(byte, before: position) else { throw .unreadable(status: 400) }
      if isEnd { return position }
    }
    scanned = position
    if bytes.count > last { throw .unreadable(status: isFirstLine ? 414 : 431) }
    return nil
  }

  /// Reads a control byte or a byte after a carriage return; true at the head's end, nil if it is not allowed.
  private mutating func readControl(_ byte: UInt8, before position: Int) -> Bool? {
    if isAfterReturn {
      guard byte == .lineFeed else { return nil }
      isAfterReturn = false
      defer { lineLength = 0 }
      if lineLength > 0 {
        isFirstLine = false
      } else if isFirstLine {
        guard position <= 2 * Self.emptyLines else { return nil }
        start = position
      } else {
        return true
      }
      return false
    }
    switch byte {
    case .carriageReturn: isAfterReturn = true
    case .tab where !isFirstLine: lineLength += 1
    default: return nil
    }
    return false
  }
}
