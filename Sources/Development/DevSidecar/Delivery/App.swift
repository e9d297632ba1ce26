internal import HTTPClient

/// The app beside the sidecar, as the sidecar calls it.
final class App: Sendable {
  let id: String
  private let client: HTTPClient
  /// Bulk deliveries have a client of their own, since the sidecar's shutdown cuts them off.
  private let bulk: HTTPClient
  private let base: String
  private let token: String?
  /// The app's port, for `metadata`.
  let port: UInt16
  let host: String

  /// The app that the settings name; nil if they name none.
  init?(_ settings: DevSidecarSettings) throws(DevSidecarFailure) {
    guard let port = settings.appPort else { return nil }
    do {
      client = try HTTPClient(connections: 128)
      bulk = try HTTPClient(connections: 32)
    } catch {
      throw .client("\(error)")
    }
    id = settings.appID
    self.port = port
    host = settings.appHost
    base = "http://\(settings.appHost.contains(":") ? "[\(settings.appHost)]" : settings.appHost):\(port)"
    token = settings.appAPIToken
  }

  /// Calls a path of the app, with its token.
  func call(
    _ method: String, _ target: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil, deadline: Int
  ) async throws(HTTPClientFailure) -> HTTPAnswer {
    try await client.send(request(method, target, headers: headers, body: body, deadline: deadline))
  }

  /// Delivers to a path of the app, with its token.
  func deliver(
    _ target: String, headers: [(name: String, value: String)], body: [UInt8], isBulk: Bool, deadline: Int
  ) async throws(HTTPClientFailure) -> HTTPAnswer {
    try await (isBulk ? bulk : client).send(request("POST", target, headers: headers, body: body, deadline: deadline))
  }

  private func request(
    _ method: String, _ target: String, headers: [(name: String, value: String)], body: [UInt8]?, deadline: Int
  ) -> HTTPCall {
    let path = target.hasPrefix("/") ? target : "/\(target)"
    let headers = token.map { headers + [("dapr-api-token", $0)] } ?? headers
    return HTTPCall(method, base + path, headers: headers, body: body, deadline: deadline)
  }

  /// Whether the app answers its health path; this call carries no token.
  func isHealthy() async -> Bool {
    guard let answer = try? await client.send(HTTPCall("GET", "\(base)/healthz", deadline: 1000)) else { return false }
    return (200..<300).contains(answer.status)
  }

  /// What the app subscribes to; nil until it answers.
  func subscriptions() async -> [Subscription]? {
    let headers = [(name: "Content-Type", value: "application/json"), (name: "dapr-app-id", value: id)]
    guard let answer = try? await call("GET", "/dapr/subscribe", headers: headers, deadline: 2000) else { return nil }
    switch answer.status {
    case 200..<300: return Subscription.list(answer.body) ?? []
    case 404: return []
    default: return nil
    }
  }

  /// Cuts off bulk deliveries: the app's answers to them meet a closed connection.
  func cutBulk() {
    bulk.stop()
  }

  func stop() {
    bulk.stop()
    client.stop()
  }
}
