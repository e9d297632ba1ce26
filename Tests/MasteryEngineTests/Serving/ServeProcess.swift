import Foundation
import HTTPClient
import HTTPServer
import Synchronization
import WireTesting

@testable import Commands

/// The built program as `serve`, beside a scripted sidecar.
final class ServeProcess: Sendable {
  /// The sidecar's answer for a secret.
  enum Secret: Sendable {
    case value(String)
    case answer(status: Int, code: String, message: String)

    static let denied = Self.answer(status: 403, code: "ERR_PERMISSION_DENIED", message: "access denied by policy")
    static func missing(_ name: String) -> Self {
      .answer(
        status: 500, code: "ERR_SECRET_GET",
        message: "failed getting secret with key \(name) from secret store vault: secret \(name) not found")
    }
  }

  /// The sidecar's state.
  struct Script: Sendable {
    var isReady = true
    var secrets: [String: Secret] = [:]
    /// The token that every call except health must carry.
    var token: String?
  }

  /// A script that the sidecar reads while the test changes it.
  private final class Scripted: Sendable {
    let script: Mutex<Script>
    init(_ script: Script) { self.script = Mutex(script) }
  }

  private let scripted: Scripted
  private let sidecar: HTTPServer
  private let client: HTTPClient
  private let process: Process
  private let output: Pipe
  let port: UInt16

  init(_ script: Script, settings: [String: String]) throws {
    let scripted = Scripted(script)
    self.scripted = scripted
    let application = ScriptedApplication { request in scripted.script.withLock { Self.answer(request, $0) } }
    sidecar = try application.serve()
    client = try HTTPClient()
    port = try reservedPort()
    process = Process()
    process.executableURL = try builtProgram("mastery-engine")
    process.arguments = ["serve"]
    process.environment = ["APP_PORT": "\(port)", "DAPR_HTTP_ENDPOINT": "http://127.0.0.1:\(sidecar.port)", "LOG_FORMAT": "text"]
      .merging(settings) { $1 }
    output = Pipe()
    process.standardError = output
    try process.run()
  }

  /// Changes the sidecar's state.
  func change(_ change: @Sendable (inout Script) -> Void) { scripted.script.withLock { change(&$0) } }

  /// The status and text of an answer; nil if nobody listens.
  func ask(
    _ method: String = "GET", _ target: String, token: String? = nil, trace: String? = nil, at host: String = "127.0.0.1"
  ) async -> (status: Int, text: String)? {
    let headers = [("dapr-api-token", token), ("traceparent", trace)].compactMap { name, value in value.map { (name: name, value: $0) } }
    let call = HTTPCall(method, "http://\(host):\(port)\(target)", headers: headers, body: method == "POST" ? [] : nil, deadline: 120_000)
    return (try? await client.send(call)).map { ($0.status, String(decoding: $0.body, as: UTF8.self)) }
  }

  /// Whether it answers over IPv4 and over IPv6, each at this machine's own address.
  func answersOver() async -> [Bool] {
    var answers: [Bool] = []
    for host in ["127.0.0.1", "[::1]"] { answers.append(await ask("GET", "/healthz", at: host)?.status == 200) }
    return answers
  }

  /// Repeats a request until the answer has that status, for at most half a minute.
  func waits(for status: Int, at target: String) async -> Bool {
    for _ in 0..<600 {
      if await ask("GET", target)?.status == status { return true }
      try? await Task.sleep(for: .milliseconds(50))
    }
    return false
  }

  /// Asks it to log more, or as much as before.
  func hangUp() { kill(process.processIdentifier, SIGHUP) }

  /// Asks it to stop.
  func terminate() { process.terminate() }

  /// Waits for its end; returns its status and its standard error.
  func end() async -> (status: Int32, output: String) {
    let text = await withCheckedContinuation { continuation in
      Thread.detachNewThread { [output] in
        continuation.resume(returning: String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self))
      }
    }
    process.waitUntilExit()
    client.stop()
    await sidecar.stop(within: .seconds(1))
    return (process.terminationStatus, text)
  }

  private static func answer(_ request: HTTPRequest, _ script: Script) -> HTTPResponse {
    let path = request.head.path
    if path.hasPrefix("/v1.0/healthz") { return HTTPResponse(status: script.isReady ? 204 : 500) }
    if let token = script.token, request.head.header("dapr-api-token") != token {
      return HTTPResponse(status: 401, fields: [HTTPField("Content-Type", "text/plain")], body: Array("invalid api token\n".utf8))
    }
    if path.hasPrefix("/v1.0/secrets/vault/") { return secret(String(path.dropFirst(20)), script) }
    if path == "/v1.0/state/statestore", request.head.method == "POST" { return HTTPResponse(status: 204) }
    if path == "/v1.0/state/statestore/bulk" { return json(#"[{"key":"ready:probe"}]"#) }
    if path.hasPrefix("/v1.0/state/statestore/probe") { return json(#""{\"probe\":\"encryption\"}""#, [HTTPField("Etag", "1")]) }
    return HTTPResponse(status: 404)
  }

  private static func secret(_ name: String, _ script: Script) -> HTTPResponse {
    switch script.secrets[name] ?? .missing(name) {
    case .value(let value): return json(#"{"\#(name)":"\#(value)"}"#)
    case .answer(let status, let code, let message):
      var response = json(#"{"errorCode":"\#(code)","message":"\#(message)"}"#)
      response.status = status
      return response
    }
  }

  private static func json(_ text: String, _ fields: [HTTPField] = []) -> HTTPResponse {
    HTTPResponse(status: 200, fields: [HTTPField("Content-Type", "application/json")] + fields, body: Array(text.utf8))
  }
}
