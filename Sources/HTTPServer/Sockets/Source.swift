internal import CSockets
internal import Glibc

/// Where a connection comes from, as far as connections of one source are counted together.
struct Source: Hashable {
  /// The address; of an IPv6 address the network alone, within which one sender can take any.
  private let address: [UInt8]
  /// Whether it is this machine itself, by IPv4, IPv6, or IPv4 within IPv6.
  let isLoopback: Bool

  /// The source of a connected socket's address.
  init(_ address: sockaddr_storage) {
    (self.address, isLoopback) = withUnsafeBytes(of: address) { bytes in
      // The address stands behind family and port; in IPv6 behind the flow information too.
      switch Int32(address.ss_family) {
      case AF_INET: (Array(bytes[4..<8]), bytes[4] == 127)
      case AF_INET6: Self.version6(Array(bytes[8..<24]))
      default: ([], false)
      }
    }
  }

  private static func version6(_ host: [UInt8]) -> ([UInt8], Bool) {
    let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
    if host.starts(with: mapped) { return (Array(host[12...]), host[12] == 127) }
    let isLoopback = host.elementsEqual([UInt8](repeating: 0, count: 15) + [1])
    return (Array(host[..<8]), isLoopback)
  }
}
