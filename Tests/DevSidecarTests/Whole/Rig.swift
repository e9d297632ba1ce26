import DevSidecar
import Foundation
import HTTPClient
import HTTPServer
import WireTesting

/// A sidecar, with or without an app, on free ports, with component files of its own.
final class Rig: Sendable {
  let sidecar: DevSidecar
  let client: HTTPClient
  private let appServer: HTTPServer?
  private let token: String?

  /// Starts an app and a sidecar beside it.
  init(
    app: ScriptedApp? = nil, files: [String: String] = [:], change: (inout DevSidecarSettings) -> Void = { _ in }
  ) async throws {
    appServer = try app.map { try HTTPServer(HTTPServerSettings(host: "127.0.0.1", port: 0), application: $0) }
    // Its own, so that nobody else answers there once it has stopped.
    var settings = DevSidecarSettings(
      port: try reservedPort(), appPort: appServer?.port, appID: "mastery-engine",
      components: try Self.folder(Self.defaults.merging(files) { $1 }))
    change(&settings)
    sidecar = try await DevSidecar(settings)
    token = settings.daprAPIToken
    client = try HTTPClient()
    sidecar.begin()
  }

  static let defaults = [
    "state.yaml": component("statestore", "state.in-memory"), "pubsub.yaml": component("pubsub", "pubsub.in-memory", ["partitions": "2"]),
    "secrets.yaml": component("secretstore", "secretstores.local.file", ["secretsFile": "secrets.json"]),
    "secrets.json": #"{"jwt-secret": "dev-secret", "nested": {"a": "1"}}"#,
  ]

  static func component(_ name: String, _ type: String, _ metadata: [String: String] = [:]) -> String {
    let lines = metadata.map { "    - name: \($0.key)\n      value: \"\($0.value)\"" }.joined(separator: "\n")
    return """
      kind: Component
      metadata:
        name: \(name)
      spec:
        type: \(type)
        version: v1
        metadata:
      \(lines)
      """
  }

  /// A policy for the topics: that many retries, a millisecond apart.
  static func retries(_ count: Int) -> [String: String] {
    [
      "resiliency.yaml": """
      kind: Resiliency
      spec:
        policies:
          retries:
            quick: {policy: constant, duration: 1ms, maxRetries: \(count)}
        targets:
          components:
            pubsub: {inbound: {retry: quick}}
      """
    ]
  }

  static func folder(_ files: [String: String] = [:]) throws -> String {
    let folder = scratch.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (name, text) in files { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
    return folder.path
  }

  func call(
    _ method: String, _ target: String, _ body: String? = nil, headers: [(name: String, value: String)] = []
  ) async throws -> HTTPAnswer {
    let all = headers + (token.map { [("dapr-api-token", $0)] } ?? [])
    return try await client.send(
      HTTPCall(method, "http://127.0.0.1:\(sidecar.port)\(target)", headers: all, body: body.map { Array($0.utf8) }, deadline: 120_000))
  }

  func publish(_ topic: String, _ body: String, key: String? = nil) async throws -> Int {
    let query = key.map { "?metadata.partitionKey=\($0)" } ?? ""
    return try await call("POST", "/v1.0/publish/pubsub/\(topic)\(query)", body, headers: [("content-type", "application/json")]).status
  }

  func stop() async {
    await sidecar.stop(within: .seconds(5))
    await appServer?.stop(within: .seconds(5))
    client.stop()
  }
}

extension HTTPAnswer {
  var text: String { String(decoding: body, as: UTF8.self) }
}

/// All folders of the tests are in here, and are removed when the process ends.
private let scratch: URL = {
  atexit { try? FileManager.default.removeItem(at: scratch) }
  return FileManager.default.temporaryDirectory.appendingPathComponent("dev-sidecar-\(ProcessInfo.processInfo.processIdentifier)")
}()
