/// What a request's headers say about its framing, gathered line by line.
struct FramingFacts {
  /// Whether the connection closes after the answer.
  private(set) var closes = false
  /// Whether a sender of HTTP/1.0 asks to keep the connection.
  private(set) var keepsAlive = false
  /// Whether the sender waits for 100 Continue before the body.
  private(set) var expectsLeave = false
  private var length: UInt64?
  private var isChunked = false
  private var hasHost = false

  /// Adds a header.
  ///
  /// RFC 9112, 6.1 to 6.3: no two lengths that differ, no coding except `chunked`, once; 3.2: one Host, well formed.
  mutating func take(_ field: FieldLine) throws(HTTPRefusal) {
    // None of the other headers is as long as one of these.
    switch field.name.count {
    case 4 where field.isNamed("host"):
      if hasHost { throw .badFraming("Host is given twice") }
      guard HostName.isValid(field.value[...], needsPort: false) else { throw .badFraming("Host is no host") }
      hasHost = true
    case 6 where field.isNamed("expect"):
      expectsLeave = expectsLeave || field.value.equalsIgnoringCase("100-continue")
    case 10 where field.isNamed("connection"):
      for option in field.value.split(separator: UInt8(ascii: ",")) { take(option: option) }
    case 14 where field.isNamed("content-length"): try take(length: field.value)
    case 17 where field.isNamed("transfer-encoding"):
      if isChunked { throw .badFraming("Transfer-Encoding is given twice") }
      guard field.value.equalsIgnoringCase("chunked") else { throw .badFraming("the transfer coding is not chunked") }
      isChunked = true
    default: break
    }
  }

  private mutating func take(option: Slice<UnsafeRawBufferPointer>) {
    var option = option
    while let first = option.first, first.isBlank { option = option.dropFirst() }
    while let last = option.last, last.isBlank { option = option.dropLast() }
    let name = UnsafeRawBufferPointer(rebasing: option)
    if name.equalsIgnoringCase("close") { closes = true }
    if name.equalsIgnoringCase("keep-alive") { keepsAlive = true }
  }

  private mutating func take(length value: UnsafeRawBufferPointer) throws(HTTPRefusal) {
    guard !value.isEmpty, value.allSatisfy(\.isDigit) else { throw .unreadable(status: 400) }
    var number: UInt64 = 0
    for digit in value {
      let (tens, isLarge) = number.multipliedReportingOverflow(by: 10)
      let (sum, isLarger) = tens.addingReportingOverflow(UInt64(digit - 0x30))
      if isLarge || isLarger { throw .unreadable(status: 413) }
      number = sum
    }
    if let length, length != number { throw .badFraming("two Content-Length headers differ") }
    length = number
  }

  /// How the body's end is found, once all headers are in.
  ///
  /// - Parameter isPersistent: Whether the request is HTTP/1.1, which requires a Host and has transfer codings.
  /// - Returns: How the body's end is found.
  /// - Throws: `HTTPRefusal` if there are two ways to find it, or a Host is missing.
  func framing(isPersistent: Bool) throws(HTTPRefusal) -> RequestMessage.BodyFraming {
    if isPersistent, !hasHost { throw .unreadable(status: 400) }
    if isChunked {
      if length != nil { throw .badFraming("Transfer-Encoding stands beside Content-Length") }
      if !isPersistent { throw .badFraming("Transfer-Encoding stands in a request of HTTP/1.0") }
      return .chunked
    }
    return length.map { .length($0) } ?? .none
  }
}
