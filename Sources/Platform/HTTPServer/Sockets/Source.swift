internal import CSockets
internal import Glibc

/// Where a connection comes from, as far as connections are counted together.
struct Source: Hashable {
  /// The address; only the network part of an IPv6 address, since one sender can use any address in it.
  private let address: [UInt8]
  /// Whether it is this machine itself, over IPv4, IPv6, or IPv4 within IPv6.
  let isLoopback: Bool

  /// The source of a connected socket's address.
  init(_ address: sockaddr_storage) {
    (self.address, isLoopback) = withUnsafeBytes(of: address) { bytes in
      // The address follows family and port; in IPv6 also the flow information.
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
