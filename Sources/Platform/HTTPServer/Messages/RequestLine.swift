/// A request's first line (RFC 9112, 3).
struct RequestLine {
  let method: String
  /// The target in origin form: path and query as sent.
  let target: String
  /// Host and port of a target in absolute form, which take precedence over the Host header; nil if the target has none.
  let authority: String?
  /// Whether the request is HTTP/1.1 or a later minor version, which is read as 1.1 (RFC 9110, 2.5).
  let isPersistent: Bool

  /// Reads a line without its end.
  ///
  /// - Throws: `HTTPRefusal.unreadable` with 505 for another major version, and with 400 for everything else that is not a request line.
  init(_ line: UnsafeRawBufferPointer) throws(HTTPRefusal) {
    let parts = line.split(separator: .space, omittingEmptySubsequences: false)
    guard parts.count == 3, !parts[0].isEmpty, parts[0].allSatisfy(\.isTokenByte) else { throw .unreadable(status: 400) }
    isPersistent = try Self.isPersistent(parts[2])
    method = String(decoding: parts[0], as: UTF8.self)
    guard let (target, authority) = Self.target(parts[1], method: method) else { throw .unreadable(status: 400) }
    self.target = target
    self.authority = authority
  }

  private static func isPersistent(_ version: Slice<UnsafeRawBufferPointer>) throws(HTTPRefusal) -> Bool {
    let digits = Array(version.dropFirst(5))
    guard version.count == 8, version.starts(with: "HTTP/".utf8), digits[0].isDigit, digits[1] == UInt8(ascii: "."), digits[2].isDigit
    else { throw .unreadable(status: 400) }
    guard digits[0] == UInt8(ascii: "1") else { throw .unreadable(status: 505) }
    return digits[2] > UInt8(ascii: "0")
  }

  /// The target's path and query, and its authority (RFC 9112, 3.2); nil if it has none of the forms that its method allows.
  private static func target(_ text: Slice<UnsafeRawBufferPointer>, method: String) -> (String, String?)? {
    let whole = String(decoding: text, as: UTF8.self)
    if method == "CONNECT" { return HostName.isValid(text, needsPort: true) ? (whole, nil) : nil }
    if text.first == UInt8(ascii: "/") { return isPathAndQuery(text) ? (whole, nil) : nil }
    if whole == "*" { return method == "OPTIONS" ? (whole, nil) : nil }
    return absolute(text)
  }

  /// A target in absolute form, in which a missing path is the root.
  private static func absolute(_ text: Slice<UnsafeRawBufferPointer>) -> (String, String?)? {
    for scheme in ["http://", "https://"] where text.prefix(scheme.utf8.count).map(\.lowercased).elementsEqual(scheme.utf8) {
      let rest = text.dropFirst(scheme.utf8.count)
      let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
      let authority = rest[..<end]
      guard !authority.isEmpty, HostName.isValid(authority, needsPort: false), isPathAndQuery(rest[end...]) else { return nil }
      let path = String(decoding: rest[end...], as: UTF8.self)
      return (path.utf8.first == UInt8(ascii: "/") ? path : "/" + path, String(decoding: authority, as: UTF8.self))
    }
    return nil
  }

  /// Whether the bytes form a path and a query, with each percent sign before two hexadecimal digits.
  private static func isPathAndQuery(_ bytes: Slice<UnsafeRawBufferPointer>) -> Bool {
    bytes.allSatisfy(\.isTargetByte) && bytes.hasWholeEscapes
  }
}

extension UInt8 {
  /// The same letter in lower case.
  fileprivate var lowercased: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }
}

extension Slice<UnsafeRawBufferPointer> {
  /// Whether each percent sign is followed by two hexadecimal digits.
  var hasWholeEscapes: Bool {
    var position = startIndex
    while let sign = self[position...].firstIndex(of: UInt8(ascii: "%")) {
      guard endIndex - sign > 2, self[sign + 1].hexadecimal != nil, self[sign + 2].hexadecimal != nil else { return false }
      position = sign + 3
    }
    return true
  }
}
