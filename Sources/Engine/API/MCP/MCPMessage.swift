internal import Encodings
internal import HTTPServer
internal import JSON

/// A message of an MCP client: one request or notification of JSON-RPC 2.0.
struct MCPMessage: Sendable {
  /// Who a message is from, as far as an answer depends on it; known even of a message that is refused.
  struct Sender: Sendable {
    /// The JSON text of the id; nil for a message that gets no answer, and where it cannot be read.
    var id: [UInt8]?
    /// Whether the message says its revision and capabilities itself, as from 2026-07-28 on.
    var isStateless: Bool
  }

  /// A message that is refused.
  struct Refused: Error {
    let sender: Sender
    let error: RPCError
  }

  let sender: Sender
  let method: String
  let parameters: Parameters

  /// What a method is told.
  struct Parameters: Sendable {
    /// The name of a tool or prompt; nil if it is not text.
    var name: String?
    /// The address of a resource; nil if it is not text.
    var uri: String?
    var cursor: String?
    /// The revision that `initialize` asks for; nil if it is not text.
    var protocolVersion: String?
    /// The JSON text of the arguments, an empty object if there are none.
    var arguments = Array("{}".utf8)
  }

  private static let revisionKey: StaticString = "io.modelcontextprotocol/protocolVersion"
  private static let capabilitiesKey: StaticString = "io.modelcontextprotocol/clientCapabilities"
  /// Maximum messages of a list.
  private static let longestList = 32

  /// Reads the messages of a body: one, or a list of them as revision 2025-03-26 has it.
  ///
  /// - Parameters:
  ///   - body: The body.
  ///   - head: The request's head.
  /// - Returns: The messages, or what is wrong with one of them, and whether they came as a list.
  /// - Throws: `RPCError` if the body cannot be read at all.
  static func all(
    in body: [UInt8], _ head: HTTPRequestHead
  ) throws(RPCError) -> (messages: [Result<Self, Refused>], isList: Bool) {
    do throws(JSONFailure<RPCError>) {
      return try JSONDocument.parse(body) { (root) throws(RPCError) in
        guard root.kind == .array else { return ([Self.read(root, head, isListed: false)], false) }
        let elements = Array(root.elements.prefix(longestList + 1))
        guard (1...longestList).contains(elements.count) else {
          throw .invalidRequest("a list must have 1 to \(longestList) messages")
        }
        return (elements.map { Self.read($0, head, isListed: true) }, true)
      }
    } catch {
      switch error {
      case .malformed(let why): throw .unreadable(why)
      case .reading(let own): throw own
      }
    }
  }

  private static func read(_ value: JSONValue, _ head: HTTPRequestHead, isListed: Bool) -> Result<Self, Refused> {
    let versions = head.values(of: "mcp-protocol-version")
    let meta = value["params"]?["_meta"]
    let method = value["method"]?.string
    let isStateless =
      method != "initialize"
      && (meta?[revisionKey] != nil || method == "server/discover" || versions.contains { !MCPRevision.withHandshake.contains($0) })
    let sender = Sender(id: idText(value["id"]), isStateless: isStateless)
    do throws(RPCError) {
      let message = try Self(value, from: sender)
      if isListed, isStateless || method == "initialize" { throw .invalidRequest("such a message must come by itself, not in a list") }
      try message.check(versions, meta)
      if isStateless, sender.id != nil { try message.checkHeaders(head) }
      return .success(message)
    } catch {
      return .failure(Refused(sender: sender, error: error))
    }
  }

  private init(_ value: JSONValue, from sender: Sender) throws(RPCError) {
    guard value.kind == .object, value["jsonrpc"]?.string == "2.0" else {
      throw .invalidRequest("the body must be a JSON-RPC request: an object with jsonrpc \"2.0\", id and method")
    }
    // A reader in between might take the other one.
    if let twice = value.repeated(of: ["jsonrpc", "id", "method", "params"]) { throw .invalidRequest("\(twice) must be given once") }
    guard value["id"] == nil || sender.id != nil else { throw .invalidRequest("id must be text or a whole number") }
    guard let method = value["method"]?.string else { throw .invalidRequest("method must be text: nothing else is answered here") }
    let given = value["params"]
    guard given.map({ $0.kind == .object || $0.isNull }) ?? true else { throw .invalidParameters("params must be an object") }
    (self.sender, self.method) = (sender, method)
    parameters = try Parameters(given)
  }

  private static func idText(_ value: JSONValue?) -> [UInt8]? {
    guard let value, value.kind == .string || value.integer != nil || value.number.map({ $0 >= 0x1p63 }) ?? false else { return nil }
    return value.compactBytes
  }

  /// Checks the revision and, as from 2026-07-28 on, what `_meta` must say.
  private func check(_ versions: [String], _ meta: JSONValue?) throws(RPCError) {
    if versions.count > 1 { throw .headerMismatch("the header MCP-Protocol-Version must be given once, got \(versions.count)") }
    guard sender.isStateless else { return }
    let revision = meta?[Self.revisionKey]?.string
    if revision == nil, let header = versions.first, header != MCPRevision.stateless { throw .unsupported(header) }
    // A notification need not say anything of itself.
    guard sender.id != nil else { return }
    guard let revision, meta?[Self.capabilitiesKey]?.kind == .object else {
      throw .invalidParameters("params._meta must have \(Self.revisionKey) as text and \(Self.capabilitiesKey) as an object")
    }
    try Self.check(versions, "MCP-Protocol-Version", revision)
    guard revision == MCPRevision.stateless else { throw .unsupported(revision) }
  }

  /// Checks that the headers say what the message says (2026-07-28, Streamable HTTP, Server Validation).
  private func checkHeaders(_ head: HTTPRequestHead) throws(RPCError) {
    try Self.check(head.values(of: "mcp-method"), "Mcp-Method", method)
    switch method {
    case "tools/call", "prompts/get": try Self.check(head.values(of: "mcp-name").map(Self.decoded), "Mcp-Name", parameters.name)
    case "resources/read": try Self.check(head.values(of: "mcp-name").map(Self.decoded), "Mcp-Name", parameters.uri)
    default: break
    }
  }

  private static func check(_ values: [String?], _ name: String, _ expected: String?) throws(RPCError) {
    // What the body lacks is an error of its own.
    guard let expected else { return }
    guard values.count == 1, let value = values[0], value.utf8.elementsEqual(expected.utf8) else {
      let got =
        values.isEmpty ? "none" : values.map { $0.map { "\"\($0.prefix(100))\"" } ?? "what is not readable" }.joined(separator: ", ")
      throw .headerMismatch("the header \(name) must be \"\(expected.prefix(100))\" as in the body, got \(got)")
    }
  }

  /// What a header's value stands for, which may be in Base64: `=?base64?…?=`; nil if it has other letters than a header may, or is no Base64.
  private static func decoded(_ value: String) -> String? {
    guard value.utf8.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0x09 }) else { return nil }
    guard value.hasPrefix("=?base64?"), value.hasSuffix("?="), value.utf8.count >= 11 else { return value }
    let given = Array(value.utf8.dropFirst(9).dropLast(2))
    // Another text for the same bytes would be another value to whoever compares texts.
    guard let bytes = Base64.decode(given), Base64.encode(bytes) == given else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }
}

extension MCPMessage.Parameters {
  fileprivate init(_ value: JSONValue?) throws(RPCError) {
    guard let value, !value.isNull else { return }
    let names: [StaticString] = ["name", "uri", "cursor", "protocolVersion", "arguments", "_meta"]
    if let twice = value.repeated(of: names) { throw .invalidParameters("params.\(twice) must be given once") }
    name = value["name"]?.string
    uri = value["uri"]?.string
    protocolVersion = value["protocolVersion"]?.string
    cursor = value["cursor"]?.string
    if let cursor = value["cursor"], !cursor.isNull, cursor.kind != .string { throw .invalidParameters("params.cursor must be text") }
    guard let given = value["arguments"], !given.isNull else { return }
    guard given.kind == .object else { throw .invalidParameters("params.arguments must be an object") }
    arguments = given.compactBytes
  }
}

extension JSONValue {
  /// The first of some names that more than one member has; nil if there is none.
  fileprivate func repeated(of names: [StaticString]) -> StaticString? {
    names.first { name in members.count { $0.key == name } > 1 }
  }
}
