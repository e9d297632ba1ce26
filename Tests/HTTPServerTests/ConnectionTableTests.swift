import Glibc
import Testing

@testable import HTTPServer

@Suite("The connection table")
struct ConnectionTableTests {
  private static let here = source("127.0.0.1")
  private static let there = source("192.0.2.1")

  /// The source of a connection from an address.
  private static func source(_ host: String) -> Source {
    var storage = sockaddr_storage()
    var (four, six) = (sockaddr_in(), sockaddr_in6())
    if inet_pton(AF_INET, host, &four.sin_addr) == 1 {
      four.sin_family = sa_family_t(AF_INET)
      withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: four, as: sockaddr_in.self) }
    } else if inet_pton(AF_INET6, host, &six.sin6_addr) == 1 {
      six.sin6_family = sa_family_t(AF_INET6)
      withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: six, as: sockaddr_in6.self) }
    }
    return Source(storage)
  }

  private static func table(_ adjust: (inout HTTPServerSettings) -> Void) -> ConnectionTable {
    var settings = HTTPServerSettings(host: "127.0.0.1", port: 0)
    adjust(&settings)
    return ConnectionTable(settings)
  }

  // Numbers that no socket has, so that nothing is shut down.
  private static let first: Int32 = 1 << 20

  @Test("One address gets a limited number of connections until one of them ends, and others have room meanwhile")
  func sourceLimit() {
    let table = Self.table { $0.sourceLimit = 3 }
    let taken = (0..<4).map { table.begin(Self.first + $0, from: Self.there, at: 1) != nil }
    #expect(taken == [true, true, true, false])
    #expect(table.begin(Self.first + 4, from: Self.source("192.0.2.2"), at: 1) != nil)
    #expect((5..<20).allSatisfy { table.begin(Self.first + $0, from: Self.here, at: 1) != nil })
    table.end(Self.first)
    #expect(table.begin(Self.first + 30, from: Self.there, at: 1) != nil)
  }

  @Test("Connections from other machines leave a sixteenth of the room to this machine")
  func localShare() {
    let table = Self.table { ($0.connectionLimit, $0.sourceLimit) = (160, 1_000) }
    let strangers = (0..<200).count { table.begin(Self.first + $0, from: Self.there, at: 1) != nil }
    #expect(strangers == 150)
    let own = (200..<300).count { table.begin(Self.first + $0, from: Self.here, at: 1) != nil }
    #expect(own == 10)
  }

  @Test("Addresses of one IPv6 network are one source, and an IPv4 address within IPv6 is its IPv4 source")
  func sources() {
    #expect(Self.source("2001:db8::1") == Self.source("2001:db8::ffff:2"))
    #expect(Self.source("2001:db8::1") != Self.source("2001:db8:0:1::1"))
    #expect(Self.source("::ffff:192.0.2.1") == Self.there)
    #expect(Self.source("::1").isLoopback && Self.source("::ffff:127.0.0.9").isLoopback && Self.here.isLoopback)
    #expect(!Self.there.isLoopback && !Self.source("::2").isLoopback && !Self.source("2001:db8::1").isLoopback)
  }

  @Test("The longest arriving body is ended, but neither a request in progress nor a neighbour's body")
  func longestBody() {
    let table = Self.table { _ in }
    let standings = (0..<4).compactMap { table.begin(Self.first + $0, from: Self.here, at: 1) }
    #expect(!table.endLongestBody(but: -1))
    for (index, standing) in standings.enumerated() { standing.turn(to: .receiving, at: UInt64(10 - index)) }
    standings[3].trust = .proven
    standings[2].turn(to: .working, at: 1)
    // The remaining two, each once.
    #expect(table.endLongestBody(but: -1))
    #expect(table.endLongestBody(but: -1))
    #expect(!table.endLongestBody(but: -1))
    table.end(Self.first)
  }
}
