import DaprClient
import Foundation
import HTTPClient
import HTTPServer
import WireTesting

/// A server that stands in for the sidecar, and the client that asks it.
struct SidecarDouble {
  let application: ScriptedApplication
  let server: HTTPServer
  let http: HTTPClient
  let client: DaprClient

  init(
    apiToken: String? = nil, broker: BrokerComponents = BrokerComponents("pub/sub"),
    _ respond: @escaping @Sendable (HTTPRequest) async -> HTTPResponse
  ) throws {
    application = ScriptedApplication(respond: respond)
    server = try application.serve()
    http = try HTTPClient()
    client = DaprClient(
      endpoint: "http://127.0.0.1:\(server.port)/", stateStore: "state store", broker: broker, apiToken: apiToken, http: http)
  }

  /// Always gives the same answer.
  init(status: Int, body: String = "", type: String = "application/json") throws {
    try self.init { _ in HTTPResponse(status: status, fields: [HTTPField("Content-Type", type)], body: Array(body.utf8)) }
  }

  func end() async {
    http.stop()
    await server.stop(within: .seconds(5))
  }

  var requests: [HTTPRequest] { application.requests }
}

/// The failure that a call ends with; nil if it succeeds.
func failure(_ call: () async throws(SidecarFailure) -> Void) async -> SidecarFailure? {
  do throws(SidecarFailure) {
    try await call()
    return nil
  } catch {
    return error
  }
}

/// Enough time for a busy machine.
let patient = CallContext(deadline: 120_000)

/// Documents of that many bytes each, at least four, under keys numbered from `k0` on.
func items(_ sizes: [Int]) -> [SaveItem] {
  sizes.enumerated().map { number, size in
    SaveItem(key: "k\(number)", value: Array("[\"\(String(repeating: "x", count: size - 4))\"]".utf8), condition: .absent)
  }
}
