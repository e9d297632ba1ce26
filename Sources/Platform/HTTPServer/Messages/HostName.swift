internal import Glibc

/// A host with its port, as a Host header and a target name it (RFC 9110, 7.2; RFC 3986, 3.2).
enum HostName {
  /// Whether the bytes are a registered name, an IPv4 address or an IPv6 address in brackets, with or without a port.
  ///
  /// - Parameters:
  ///   - bytes: The bytes; empty ones are valid if no port is required.
  ///   - needsPort: Whether name and port are required.
  /// - Returns: Whether they are.
  static func isValid(_ bytes: Slice<UnsafeRawBufferPointer>, needsPort: Bool) -> Bool {
    guard let (name, port) = parts(bytes) else { return false }
    guard needsPort else { return port.map(isPort) ?? true }
    return !name.isEmpty && port.map { !$0.isEmpty && isPort($0) } ?? false
  }

  /// Checks the name, and returns what follows its colon.
  private static func parts(
    _ bytes: Slice<UnsafeRawBufferPointer>
  ) -> (name: Slice<UnsafeRawBufferPointer>, port: Slice<UnsafeRawBufferPointer>?)? {
    let name: Slice<UnsafeRawBufferPointer>
    if bytes.first == UInt8(ascii: "[") {
      guard let end = bytes.firstIndex(of: UInt8(ascii: "]")), isAddress(bytes[bytes.startIndex + 1..<end]) else { return nil }
      name = bytes[...end]
    } else {
      name = bytes[..<(bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex)]
      guard name.allSatisfy(\.isHostByte), name.hasWholeEscapes else { return nil }
    }
    let rest = bytes[name.endIndex...]
    guard let colon = rest.first else { return (name, nil) }
    // A port without a host names nothing.
    guard colon == UInt8(ascii: ":"), !name.isEmpty else { return nil }
    return (name, rest.dropFirst())
  }

  private static func isAddress(_ bytes: Slice<UnsafeRawBufferPointer>) -> Bool {
    var address = in6_addr()
    return bytes.count < 46 && inet_pton(AF_INET6, String(decoding: bytes, as: UTF8.self), &address) == 1
  }

  /// Whether the bytes are a port number, or empty, which means the default port.
  private static func isPort(_ bytes: Slice<UnsafeRawBufferPointer>) -> Bool {
    bytes.allSatisfy(\.isDigit) && (bytes.isEmpty || (bytes.count < 8 && Int(String(decoding: bytes, as: UTF8.self)) ?? .max <= 65_535))
  }
}
