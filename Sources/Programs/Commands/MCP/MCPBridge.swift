internal import Encodings
internal import HTTPClient
internal import JSON
internal import Synchronization

/// Carries messages of the Model Context Protocol from standard input to an engine's `/mcp`, and its answers back.
///
/// The engine answers everything, so that a client by standard input meets the same gate, limits and audit as one over HTTP. What HTTP has
/// in headers and statuses is added and taken away here.
final class MCPBridge: Sendable {
  /// Maximum bytes of a message: those of a body that the engine takes.
  static let longestMessage = 1 << 20
  /// Maximum bytes of a line: longer ones are cut off, so that not even their ids can be read.
  static let longestLine = 8 << 20
  /// Maximum messages that are being answered; more are not even read.
  static let mostOpen = 64
  /// Milliseconds that an answer may take.
  private static let deadline = 60_000

  private let client: HTTPClient
  private let address: String
  private let school: String?
  private let token: String?
  private let state = Mutex(State())

  private struct State {
    /// The revision that a handshake agreed on; nil without one.
    var revision: String?
    /// The number of the latest message.
    var latest = 0
    /// The numbers of requests that are being answered, by their ids as JSON text.
    var open: [[UInt8]: Int] = [:]
    /// The numbers of messages whose answers somebody waits for.
    var awaited: Set<Int> = []
  }

  /// Creates a bridge to the engine at an address, without a trailing slash.
  init(client: HTTPClient, address: String, school: String?, token: String?) {
    (self.client, self.address, self.school, self.token) = (client, address, school, token)
  }

  /// A message, as far as the way to the engine depends on it.
  struct Message: Sendable {
    let line: [UInt8]
    /// Tells it from another one with the same id.
    var number = 0
    /// The JSON text of the id; nil if it has none, or none that can be read.
    var id: [UInt8]?
    /// Whether it has an id, of whatever kind.
    var hasID = false
    /// Whether it answers a request, of which the engine makes none.
    var isAnswer = false
    var method: String?
    /// The name of the tool or prompt, or the address of the resource.
    var name: String?
    /// The revision in `_meta`.
    var revision: String?
    /// The id of the request that is cancelled.
    var cancels: [UInt8]?
    var isTooLong: Bool { line.count > MCPBridge.longestMessage }
    /// Whether it gets no answer.
    var isSilent: Bool { isAnswer || (!hasID && method != nil) }
  }

  /// Takes a message in: from now on it can be cancelled, and cancels others.
  func take(_ line: [UInt8]) -> Message {
    var message = Message(line)
    state.withLock { state in
      state.latest += 1
      message.number = state.latest
      if !message.isSilent { state.awaited.insert(message.number) }
      if let id = message.id { state.open[id] = message.number }
      if message.method == "notifications/cancelled", let id = message.cancels, let number = state.open[id] {
        state.awaited.remove(number)
      }
    }
    return message
  }

  /// Whether somebody waits for an answer.
  var isAwaited: Bool { state.withLock { !$0.awaited.isEmpty } }

  /// The answer to a message, in one line; nil if it gets none.
  func answer(_ message: Message) async -> [UInt8]? {
    // The engine keeps nothing between requests, so there is nothing that it must be told.
    if message.isSilent { return nil }
    let answer = await answered(message)
    return state.withLock { $0.awaited.contains(message.number) } ? answer : nil
  }

  /// Records that a message is done with: its answer is written, if it has one.
  func finish(_ message: Message) {
    state.withLock { state in
      state.awaited.remove(message.number)
      if let id = message.id, state.open[id] == message.number { state.open[id] = nil }
    }
  }

  private func answered(_ message: Message) async -> [UInt8]? {
    if message.isTooLong { return Self.error("a message must have at most \(Self.longestMessage) bytes", code: -32600, message.id) }
    let answer: HTTPAnswer
    do throws(HTTPClientFailure) {
      answer = try await client.send(
        HTTPCall("POST", "\(address)/mcp", headers: headers(for: message), body: message.line, deadline: Self.deadline))
    } catch {
      return Self.error(error.words(asking: address, within: Self.deadline), code: -32603, message.id)
    }
    // A list of notifications.
    if answer.status == 202, answer.body.isEmpty { return nil }
    let read = try? JSONDocument.parse(answer.body) { (root) throws(Never) -> (line: [UInt8], revision: String?)? in
      guard root.kind == .array || root["jsonrpc"] != nil else { return nil }
      return (Self.line(root, to: message.id), root["result"]?["protocolVersion"]?.string)
    }
    guard let read else {
      return Self.error("what answers at \(address) is no engine: it says \(answer.status)", code: -32603, message.id)
    }
    if message.method == "initialize" { state.withLock { $0.revision = read.revision } }
    return read.line
  }

  /// The headers that say again what the message says (MCP 2026-07-28, Request Metadata).
  private func headers(for message: Message) -> [(name: String, value: String)] {
    var headers = [
      (name: "Content-Type", value: "application/json"), (name: "Accept", value: "application/json, text/event-stream"),
    ]
    if let token { headers.append((name: "Authorization", value: "Bearer \(token)")) }
    if let school { headers.append((name: "X-School-ID", value: school)) }
    if let revision = message.revision {
      headers.append((name: "MCP-Protocol-Version", value: Self.header(revision)))
      if let method = message.method { headers.append((name: "Mcp-Method", value: Self.header(method))) }
      if let name = message.name { headers.append((name: "Mcp-Name", value: Self.header(name))) }
    } else if message.method != "initialize", let revision = state.withLock({ $0.revision }) {
      headers.append((name: "MCP-Protocol-Version", value: Self.header(revision)))
    }
    return headers
  }

  /// A text as a header's value: in Base64 if it is not plain (MCP 2026-07-28, Value Encoding).
  static func header(_ text: String) -> String {
    let isPlain =
      text.utf8.allSatisfy { (0x20...0x7E).contains($0) } && !text.hasPrefix(" ") && !text.hasSuffix(" ")
      && !(text.hasPrefix("=?base64?") && text.hasSuffix("?="))
    return isPlain ? text : "=?base64?\(String(decoding: Base64.encode(text.utf8), as: UTF8.self))?="
  }

  /// An answer in one line, with the id of the request if it has none: what is refused before it is read has none.
  private static func line(_ root: JSONValue, to id: [UInt8]?) -> [UInt8] {
    guard root.kind == .object, let id, root["id"]?.isNull ?? true else { return root.compactBytes }
    return JSONWriter.object(capacity: 4096) { json in
      json.member("jsonrpc", "2.0" as StaticString)
      json.member("id", raw: id)
      for (name, value) in root.members where !(name == "jsonrpc") && !(name == "id") { json.member(name, value) }
    }
  }

  private static func error(_ message: String, code: Int, _ id: [UInt8]?) -> [UInt8] {
    JSONWriter.object { json in
      json.member("jsonrpc", "2.0" as StaticString)
      if let id { json.member("id", raw: id) }
      json.object("error") { json in
        json.member("code", code)
        json.member("message", message)
      }
    }
  }
}

extension MCPBridge.Message {
  /// Reads a line; what is no message is carried as it is, since the engine knows what is wrong with it.
  init(_ line: [UInt8]) {
    self.line = line
    let read = try? JSONDocument.parse(line) { (root) throws(Never) in
      let params = root["params"]
      return (
        id: Self.id(root["id"]), hasID: root["id"] != nil,
        isAnswer: root["method"] == nil && (root["result"] != nil || root["error"] != nil), method: root["method"]?.string,
        name: (params?["name"] ?? params?["uri"])?.string,
        revision: params?["_meta"]?["io.modelcontextprotocol/protocolVersion"]?.string, cancels: Self.id(params?["requestId"])
      )
    }
    guard let read else { return }
    (id, hasID, isAnswer) = (read.id, read.hasID, read.isAnswer)
    (method, name, revision, cancels) = (read.method, read.name, read.revision, read.cancels)
  }

  private static func id(_ value: JSONValue?) -> [UInt8]? {
    guard let value, value.kind == .string || value.kind == .number else { return nil }
    return value.compactBytes
  }
}
