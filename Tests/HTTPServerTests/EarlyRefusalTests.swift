import HTTPClient
import HTTPServer
import Testing
import WireTesting

@Suite("Refusing a large body early")
struct EarlyRefusalTests {
  @Test("A client that keeps sending its body still gets to read the refusal", arguments: [100_000, 5 << 20])
  func readsRefusal(size: Int) async throws {
    let application = ScriptedApplication(bodyLimit: 1_000) { _ in .text("taken") }
    let server = try application.serve()
    let client = try HTTPClient()
    let body = [UInt8](repeating: 0x78, count: size)
    for _ in 0..<30 {
      let answer = try? await client.send(HTTPCall("POST", "http://127.0.0.1:\(server.port)/", body: body, deadline: 120_000))
      #expect(answer?.status == 413)
    }
    #expect(application.requests.isEmpty)
    client.stop()
    await server.stop(within: .seconds(5))
  }
}
