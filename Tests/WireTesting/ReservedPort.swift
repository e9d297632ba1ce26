internal import Glibc

/// A port of this machine that belongs to the caller until the process ends.
///
/// It is bound and does not listen. So connections to it are refused, the system gives it to nobody who asks for any free port, and a
/// listener that names it gets it, again and again. A port that a server has just left might be another test's the next moment.
///
/// - Throws: `NoFreePort` if the system has none.
public func reservedPort() throws(NoFreePort) -> UInt16 {
  let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
  // Without it no listener could share the port.
  var isShared: Int32 = 1
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &isShared, socklen_t(MemoryLayout<Int32>.size))
  guard let port = bindToFreePort(socket) else {
    close(socket)
    throw NoFreePort()
  }
  return port
}

/// Binds a socket to a free port of this machine, and returns that; nil if there is none.
func bindToFreePort(_ socket: Int32) -> UInt16? {
  var address = sockaddr_in.loopback(port: 0)
  var size = socklen_t(MemoryLayout<sockaddr_in>.size)
  let isBound = withUnsafeMutablePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      bind(socket, $0, size) == 0 && getsockname(socket, $0, &size) == 0
    }
  }
  return isBound ? UInt16(bigEndian: address.sin_port) : nil
}

/// The system has no free port.
public struct NoFreePort: Error {}
