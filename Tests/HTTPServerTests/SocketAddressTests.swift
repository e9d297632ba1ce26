import Glibc
import Testing
import WireTesting

@testable import HTTPServer

@Suite("Addresses to listen on")
struct SocketAddressTests {
  /// The port that is listened on for a moment; nil if it cannot be.
  private static func listens(_ address: SocketAddress) -> UInt16? {
    let socket = address.socket()
    guard socket >= 0 else { return nil }
    defer { close(socket) }
    return address.listen(socket, deferring: 1)
  }

  private static func family(_ address: SocketAddress) -> Int32 {
    let socket = address.socket()
    defer { close(socket) }
    var (family, length) = (Int32(-1), socklen_t(MemoryLayout<Int32>.size))
    getsockopt(socket, SOL_SOCKET, SO_DOMAIN, &family, &length)
    return family
  }

  @Test("All addresses of both families become all of IPv4 on a system without IPv6, on the same port", arguments: ["::", "[::]", "0::0"])
  func fallback(host: String) throws {
    let address = try SocketAddress(host: host, port: 0)
    #expect(Self.family(address.known { _ in true }) == AF_INET6)
    let four = address.known { $0 != AF_INET6 }
    #expect(Self.family(four) == AF_INET)
    #expect(Self.listens(four) ?? 0 > 0)
    let port = try reservedPort()
    #expect(Self.listens(try SocketAddress(host: host, port: port).known { $0 != AF_INET6 }) == port)
  }

  @Test("One IPv6 address never becomes another one, and IPv4 stays what it is", arguments: [("::1", AF_INET6), ("127.0.0.1", AF_INET)])
  func single(host: String, family: Int32) throws {
    #expect(Self.family(try SocketAddress(host: host, port: 0).known { _ in false }) == family)
  }
}
