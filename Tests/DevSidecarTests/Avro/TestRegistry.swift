import Foundation
import HTTPServer
import Synchronization
import WireTesting

/// A schema registry that answers as the one of the recording did, and can be slow or away.
final class TestRegistry: HTTPApplication {
  private struct State {
    var schemas: [Int: String] = [:]
    var latest: [String: Int] = [:]
    var targets: [String] = []
    var authorizations: Set<String> = []
    var contentTypes: Set<String> = []
    var isSilent = false
  }

  private let state = Mutex(State())
  private let server = Mutex<HTTPServer?>(nil)
  let port: UInt16

  init() throws {
    port = try reservedPort()
    try start()
  }

  var url: String { "http://127.0.0.1:\(port)" }

  /// Makes a schema known by its number, and the latest of a subject.
  func add(_ id: Int, _ schema: String, subject: String? = nil) {
    state.withLock { state in
      state.schemas[id] = schema
      if let subject { state.latest[subject] = id }
    }
  }

  /// Makes the schema of each message known.
  func add(_ messages: some Sequence<AvroMessage>) {
    for message in messages { add(message.id, message.schema) }
  }

  /// What has been asked for so far.
  var targets: [String] { state.withLock { $0.targets } }
  var authorizations: Set<String> { state.withLock { $0.authorizations } }
  var contentTypes: Set<String> { state.withLock { $0.contentTypes } }

  /// Answers nothing any more, and keeps connections open.
  func fallSilent() { state.withLock { $0.isSilent = true } }

  func start() throws {
    let started = try HTTPServer(HTTPServerSettings(host: "127.0.0.1", port: port), application: self)
    server.withLock { $0 = started }
  }

  func stop() async {
    let stopped = server.withLock { server in
      defer { server = nil }
      return server
    }
    _ = await stopped?.stop(within: .milliseconds(50))
  }

  func admit(_ head: HTTPRequestHead) -> HTTPAdmission { .accept(bodyLimit: 1 << 20) }

  func refuse(_ refusal: HTTPRefusal, _ head: HTTPRequestHead) -> HTTPResponse { HTTPResponse(status: 503) }

  func answer(_ request: HTTPRequest) async -> HTTPResponse {
    let isSilent = state.withLock { state in
      state.targets.append(request.head.target)
      state.authorizations.insert(request.head.header("authorization") ?? "")
      state.contentTypes.insert(request.head.header("content-type") ?? "")
      return state.isSilent
    }
    if isSilent { try? await Task.sleep(for: .seconds(60)) }
    let parts = request.head.target.split(separator: "/").map(String.init)
    return state.withLock { state in
      if parts.first == "schemas", let schema = parts.last.flatMap({ Int($0) }).flatMap({ state.schemas[$0] }) {
        return .text(Self.object(["schema": schema]))
      }
      guard parts.first == "subjects" else { return .text(#"{"error_code": 40403, "message": "Schema not found"}"#, status: 404) }
      guard let id = state.latest[parts[1]], let schema = state.schemas[id] else {
        return .text(#"{"error_code": 40401, "message": "Subject '\#(parts[1])' not found."}"#, status: 404)
      }
      return .text(Self.object(["subject": parts[1], "version": 1, "id": id, "schema": schema]))
    }
  }

  private static func object(_ value: [String: Any]) -> String {
    (try? JSONSerialization.data(withJSONObject: value)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}
