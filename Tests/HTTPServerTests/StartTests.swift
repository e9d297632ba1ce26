import Foundation
import HTTPServer
import Testing
import WireTesting

@Suite("Starting the server")
struct StartTests {
  private let application = ScriptedApplication { _ in .text("served") }

  @Test("The server listens only on addresses", arguments: ["", "localhost", "256.0.0.1", "::g", "[127.0.0.1]", "[::", "[]"])
  func badAddress(host: String) {
    #expect(throws: HTTPServerFailure.badAddress(host)) {
      _ = try HTTPServer(HTTPServerSettings(host: host, port: 0), application: application)
    }
  }

  @Test("The server does not start on a port that is taken")
  func takenPort() async throws {
    let server = try application.serve()
    let port = server.port
    #expect(throws: HTTPServerFailure.cannotListen(host: "127.0.0.1", port: port)) { _ = try application.serve { $0.port = port } }
    await server.stop(within: .seconds(5))
  }

  @Test("The server does not start with a certificate that is not one")
  func badCertificate() {
    #expect(throws: HTTPServerFailure.self) {
      _ = try application.serve { $0.tls = HTTPServerSettings.TLS(certificate: "none", privateKey: "none") }
    }
  }

  @Test("A server on all IPv6 addresses is reachable over IPv4 too", arguments: ["::", "[::]"])
  func allAddresses(host: String) async throws {
    let server = try application.serve { $0.host = host }
    let port = server.port
    let answers = await onThread {
      [RawConnection(port: port), RawConnection(port: port, isVersion6: true)].map { connection in
        connection?.send("GET / HTTP/1.1\r\nHost: [::1]:\(port)\r\nConnection: close\r\n\r\n")
        return connection?.receiveAll() ?? "no connection"
      }
    }
    for answer in answers { #expect(answer.hasSuffix("served")) }
    #expect(await server.stop(within: .seconds(5)))
  }

  @Test("A server on one IPv6 address is reachable over IPv6 alone")
  func addressOfVersion6() async throws {
    // Takes the port over IPv4, so that no other test's server gets the request.
    let other = RawListener { _, connection in
      _ = connection.receive()
      connection.send("the other")
    }
    defer { other.close() }
    let port = other.port
    for host in ["::1", "[::1]"] {
      let server = try application.serve { ($0.host, $0.port) = (host, port) }
      let answers = await onThread {
        [RawConnection(port: port), RawConnection(port: port, isVersion6: true)].map { connection in
          connection?.send("GET / HTTP/1.1\r\nHost: [::1]:\(port)\r\nConnection: close\r\n\r\n")
          return connection?.receiveAll() ?? "no connection"
        }
      }
      #expect(answers[0] == "the other")
      #expect(answers[1].hasSuffix("served"))
      #expect(await server.stop(within: .seconds(5)))
    }
  }

  @Test("The server answers the same over TLS 1.2 and 1.3, and nothing over earlier versions", arguments: ["1", "1_1", "1_2", "1_3"])
  func tls(version: String) async throws {
    let (tls, folder) = try await OpenSSL.certificate()
    defer { try? FileManager.default.removeItem(at: folder) }
    let server = try application.serve { $0.tls = tls }
    // Verified against this very certificate, so the handshake proves that it is the one served.
    let text = try await OpenSSL.run(
      [
        "s_client", "-connect", "127.0.0.1:\(server.port)", "-quiet", "-no_ign_eof", "-verify_return_error", "-CAfile",
        folder.appendingPathComponent("c.pem").path,
        "-tls\(version)", "-cipher", "ALL:@SECLEVEL=0",
      ], input: "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
    if ["1_2", "1_3"].contains(version) {
      #expect(text.hasPrefix("HTTP/1.1 200 "))
      #expect(text.hasSuffix("served"))
    } else {
      #expect(text.isEmpty && application.requests.isEmpty)
    }
    #expect(await server.stop(within: .seconds(5)))
  }

  @Test("Over TLS a large body arrives and a large answer is sent")
  func largeOverTLS() async throws {
    let (tls, folder) = try await OpenSSL.certificate()
    defer { try? FileManager.default.removeItem(at: folder) }
    let echo = ScriptedApplication { HTTPResponse(status: 200, body: $0.body) }
    let server = try echo.serve { $0.tls = tls }
    let body = String(repeating: "0123456789abcdef", count: 128 << 10)
    let text = try await OpenSSL.run(
      ["s_client", "-connect", "127.0.0.1:\(server.port)", "-quiet", "-no_ign_eof"],
      input: "POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
    #expect(text.hasSuffix("\r\n\r\n" + body))
    #expect(await server.stop(within: .seconds(120)))
  }
}
