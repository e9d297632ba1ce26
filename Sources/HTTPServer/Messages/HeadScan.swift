/// Finds the end of a request's head in bytes that come piece by piece.
///
/// What two readers could see differently is refused as soon as it comes: lines that end in anything but CRLF, and control bytes
/// (RFC 9112, 2.2; RFC 9110, 5.5).
struct HeadScan {
  /// Empty lines that are passed over before a request (RFC 9112, 2.2).
  private static let emptyLines = 2

  /// Bytes from where the request's own bytes begin, once they have.
  private(set) var start = 0
  private let limit: Int
  private var scanned = 0
  private var lineLength = 0
  private var isFirstLine = true
  private var isAfterReturn = false

  /// A scan of a head of which nothing has come yet.
  init(limit: Int) {
    self.limit = limit
  }

  /// Whether not a byte of a request has come.
  var isUntouched: Bool { scanned == 0 }

  /// Reads on.
  ///
  /// - Parameter bytes: All bytes of the head that there are, those that were read before included.
  /// - Returns: How many of them the head has, its last empty line included; nil when it has not ended.
  /// - Throws: `HTTPRefusal.unreadable` when it is no head or has more bytes than are taken.
  mutating func end(in bytes: UnsafeRawBufferPointer) throws(HTTPRefusal) -> Int? {
    var place = scanned
    let last = min(bytes.count, start + limit)
    while place < last {
      let byte = bytes[place]
      place += 1
      if byte > 0x1F, byte != 0x7F, !isAfterReturn {
        lineLength += 1
        continue
      }
      guard let isEnd = readControl(byte, before: place) else { throw .unreadable(status: 400) }
      if isEnd { return place }
    }
    scanned = place
    if bytes.count > last { throw .unreadable(status: isFirstLine ? 414 : 431) }
    return nil
  }

  /// Reads a byte that is a control byte or stands behind a carriage return; true at the head's end, nil where it must not stand.
  private mutating func readControl(_ byte: UInt8, before place: Int) -> Bool? {
    if isAfterReturn {
      guard byte == .lineFeed else { return nil }
      isAfterReturn = false
      defer { lineLength = 0 }
      if lineLength > 0 {
        isFirstLine = false
      } else if isFirstLine {
        guard place <= 2 * Self.emptyLines else { return nil }
        start = place
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
