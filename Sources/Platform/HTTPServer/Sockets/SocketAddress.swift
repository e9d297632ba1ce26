internal import CSockets
internal import Glibc

/// An IPv4 or IPv6 address with a port, in the system's form.
struct SocketAddress {
  private var storage = sockaddr_storage()
  private let family: Int32

  init(host: String, port: UInt16) throws(HTTPServerFailure) {
    // In URLs an IPv6 address is in brackets.
    let host = host.hasPrefix("[") && host.hasSuffix("]") && host.contains(":") ? String(host.dropFirst().dropLast()) : host
    var four = sockaddr_in()
    var six = sockaddr_in6()
    if inet_pton(AF_INET, host, &four.sin_addr) == 1 {
      family = AF_INET
      four.sin_family = sa_family_t(AF_INET)
      four.sin_port = port.bigEndian
      withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: four, as: sockaddr_in.self) }
    } else if inet_pton(AF_INET6, host, &six.sin6_addr) == 1 {
      family = AF_INET6
      six.sin6_family = sa_family_t(AF_INET6)
      six.sin6_port = port.bigEndian
      withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: six, as: sockaddr_in6.self) }
    } else {
      throw .badAddress(host)
    }
  }

  /// All addresses of the machine, over IPv4 alone.
  private init(allOfVersion4 port: UInt16) {
    family = AF_INET
    var four = sockaddr_in()
    four.sin_family = sa_family_t(AF_INET)
    four.sin_port = port.bigEndian
    withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: four, as: sockaddr_in.self) }
  }

  /// What the system can listen on.
  ///
  /// - Parameter opens: Whether the system makes sockets of a family.
  /// - Returns: The address itself, or all IPv4 addresses in place of all of both families where the system knows no IPv6.
  func known(opens: (_ family: Int32) -> Bool = Self.opens) -> Self {
    guard family == AF_INET6, !opens(AF_INET6) else { return self }
    let six = withUnsafeBytes(of: storage) { $0.load(as: sockaddr_in6.self) }
    let isAll = withUnsafeBytes(of: six.sin6_addr) { $0.allSatisfy { $0 == 0 } }
    return isAll ? Self(allOfVersion4: UInt16(bigEndian: six.sin6_port)) : self
  }

  /// Whether the system makes sockets of a family: a kernel without IPv6, or a container that may not use it, does not.
  private static func opens(_ family: Int32) -> Bool {
    let socket = Glibc.socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard socket < 0 else { return close(socket) == 0 }
    // Too many open files, for one, say nothing about the family.
    return errno != EAFNOSUPPORT
  }

  /// A stream socket of the address's family; negative if there is none.
  func socket() -> Int32 { Glibc.socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0) }

  /// Listens on the address; nil if it is taken or not this machine's.
  ///
  /// - Parameters:
  ///   - socket: A socket of the address's family.
  ///   - seconds: A connection is handed over with its first byte, or after that long without one.
  /// - Returns: The port that it listens on.
  func listen(_ socket: Int32, deferring seconds: Int32) -> UInt16? {
    let set = { (level: Int32, option: Int32, value: Int32) in
      withUnsafeBytes(of: value) { _ = setsockopt(socket, level, option, $0.baseAddress, socklen_t($0.count)) }
    }
    set(SOL_SOCKET, SO_REUSEADDR, 1)
    set(Int32(IPPROTO_TCP), TCP_DEFER_ACCEPT, seconds)
    if family == AF_INET6 { set(Int32(IPPROTO_IPV6), IPV6_V6ONLY, 0) }
    var bound = self
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let isListening = withUnsafeMutablePointer(to: &bound.storage) { storage in
      storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(socket, address, length) == 0 && Glibc.listen(socket, SOMAXCONN) == 0 && getsockname(socket, address, &length) == 0
      }
    }
    guard isListening else { return nil }
    // The port is at the same offset in both families.
    return withUnsafeBytes(of: bound.storage) { UInt16(bigEndian: $0.load(fromByteOffset: 2, as: UInt16.self)) }
  }
}
