internal import CMicrohttpd
internal import Glibc

/// Who is at the other end of a connection, kept by microhttpd for as long as the connection lasts.
///
/// `@unchecked Sendable`: it belongs to the thread of its connection.
final class Peer: @unchecked Sendable {
  let door: Door
  /// Whether it may keep its connection as long as a neighbour, such as the sidecar.
  var isNeighbour: Bool

  init(door: Door, isNeighbour: Bool) {
    self.door = door
    self.isNeighbour = isNeighbour
  }

  /// The peer of a connection; nil before the connection has begun.
  static func of(_ connection: OpaquePointer) -> Peer? {
    shim_mhd_peer(connection).map { Unmanaged<Peer>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Whether a socket leads to this machine itself, by IPv4, IPv6, or IPv4 within IPv6.
  static func isLoopback(_ socket: Int32) -> Bool {
    var address = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let isKnown = withUnsafeMutablePointer(to: &address) { storage in
      storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(socket, $0, &length) == 0 }
    }
    guard isKnown else { return false }
    return withUnsafeBytes(of: address) { bytes in
      switch Int32(address.ss_family) {
      // The address stands behind family and port; in IPv6 behind the flow information too.
      case AF_INET: return bytes[4] == 127
      case AF_INET6:
        let host = bytes[8..<24]
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 127]
        return host.starts(with: mapped) || host.elementsEqual([UInt8](repeating: 0, count: 15) + [1])
      default: return false
      }
    }
  }
}
