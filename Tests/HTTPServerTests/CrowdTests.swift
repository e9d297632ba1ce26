import HTTPServer
import Testing
import WireTesting

@Suite("Floods of connections")
struct CrowdTests {
  private static func ask(_ connection: RawConnection?, _ header: String = "") -> Bool {
    connection?.send("GET / HTTP/1.1\r\nHost: h\r\n\(header)\r\n")
    return connection?.receive(until: "served").hasSuffix("served") ?? false
  }

  @Test(
    "600 connections that are idle, or stuck within a head or a body, keep out no later one and no neighbour's",
    arguments: ["G", "GET / HTTP/1.1\r\nHost: h\r\nX: ", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nb"])
  func idle(_ beginning: String) async throws {
    let application = ScriptedApplication(
      share: .common, knows: { $0.header("token") == "the sidecar's" }, respond: { _ in .text("served") })
    let server = try application.serve { $0.connectionLimit = 256 }
    let port = server.port
    let answers = await onThread { () -> [Bool] in
      let neighbour = RawConnection(port: port)
      guard Self.ask(neighbour, "token: the sidecar's\r\n") else { return [] }
      let crowd = (0..<600).compactMap { _ in
        let connection = RawConnection(port: port)
        connection?.send(beginning)
        return connection
      }
      let later = (0..<20).allSatisfy { _ in Self.ask(RawConnection(port: port)) }
      return withExtendedLifetime(crowd) { [later, Self.ask(neighbour, "token: the sidecar's\r\n")] }
    }
    #expect(answers == [true, true])
    await server.stop(within: .seconds(5))
  }
}
