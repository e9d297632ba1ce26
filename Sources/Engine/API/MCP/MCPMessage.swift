internal import Encodings
internal import HTTPServer
internal import JSON

/// A message of an MCP client: one request or notification of JSON-RPC 2.0.
struct MCPMessage: Sendable {
  /// The JSON text of the id; nil for a message that gets no answer.
  let id: [UInt8]?
  /// The method; empty for what answers a request, of which there is none.
  let method: String
  let parameters: Parameters
  /// Whether it says its revision and capabilities itself, as from 2026-07-28 on.
  let isStateless: Bool
  /// The revision and capabilities in `_meta`; nil without a readable revision, or without capabilities.
  let revision: String?

  /// What a method is told; what another kind of value stands for is nil.
  struct Parameters: Sendable {
    var name: String?
    var uri: String?
    var cursor: String?
    var protocolVersion: String?
    /// The JSON text of the arguments, an empty object if there are none.
    var arguments = Array("{}".utf8)
  }

  private static let revisionKey: StaticString = "io.modelcontextprotocol/protocolVersion"
  private static let capabilitiesKey: StaticString = "io.modelcontextprotocol/clientCapabilities"

  /// Reads the messages of a body: one, or a list of them as revision 2025-03-26 has it.
  ///
  /// - Parameters:
  ///   - body: The body.
  ///   - head: The request's head.
  /// - Returns: The messages, or what is wrong with one of them, and whether they came as a list.
  /// - Throws: `RPCError` if the body cannot be read at all.
  static func all(
    in body: [UInt8], _ head: HTTPRequestHead
  ) throws(RPCError) -> (messages: [Result<Self, RPCError>], isList: Bool) {
    do throws(JSONFailure<RPCError>) {
      return try JSONDocument.parse(body) { (root) throws(RPCError) in
        guard root.kind == .array else { return ([Self.read(root, head)], false) }
        let elements = Array(root.elements.prefix(longestList + 1))
        guard (1...longestList).contains(elements.count) else {
          throw .invalidRequest("a list must have 1 to \(longestList) messages")
        }
        return (elements.map { Self.read($0, head) }, true)
      }
    } catch {
      switch error {
      case .malformed(let why): throw .unreadable(why)
      case .reading(let own): throw own
      }
    }
  }

  /// Maximum messages of a list.
  private static let longestList = 32

  private static func read(_ value: JSONValue, _ head: HTTPRequestHead) -> Result<Self, RPCError> {
    Result { () throws(RPCError) in try Self(value, head) }
  }

  private init(_ value: JSONValue, _ head: HTTPRequestHead) throws(RPCError) {
    guard value.kind == .object, value["jsonrpc"]?.string == "2.0" else {
      throw .invalidRequest("the body must be a JSON-RPC request: an object with jsonrpc \"2.0\", id and method")
    }
    id = try Self.id(value["id"])
    let header = head.header("mcp-protocol-version")
    guard let method = value["method"]?.string else {
      guard value["method"] == nil, value["result"] != nil || value["error"] != nil else {
        throw .invalidRequest("method must be text")
      }
      throw .invalidRequest("the body must be a request or a notification: nothing is asked here that could be answered")
    }
    self.method = method
    let given = value["params"]
    guard given.map({ $0.kind == .object || $0.isNull }) ?? true else { throw .invalidParameters("params must be an object") }
    parameters = try Parameters(given)
    let meta = given?["_meta"]
    revision = meta?[Self.revisionKey]?.string
    isStateless =
      method != "initialize"
      && (meta?[Self.revisionKey] != nil || method == "server/discover" || header.map { !MCPRevision.withHandshake.contains($0) } ?? false)
    guard isStateless, id != nil else { return }
    try Self.check(revision, header, hasCapabilities: meta?[Self.capabilitiesKey]?.kind == .object)
    try checkHeaders(head)
  }

  private static func id(_ value: JSONValue?) throws(RPCError) -> [UInt8]? {
    guard let value else { return nil }
    guard value.kind == .string || value.integer != nil else { throw .invalidRequest("id must be text or a whole number") }
    var json = JSONWriter()
    json.copy(value)
    return json.bytes
  }

  /// Checks what `_meta` must say, and that the revision is spoken here.
  private static func check(_ revision: String?, _ header: String?, hasCapabilities: Bool) throws(RPCError) {
    if revision == nil, let header, header != MCPRevision.stateless { throw .unsupported(header) }
    guard let revision, hasCapabilities else {
      throw .invalidParameters("params._meta must have \(revisionKey) as text and \(capabilitiesKey) as an object")
    }
    if let header, header != revision {
      throw .headerMismatch(
        "the header MCP-Protocol-Version must be \"\(revision.prefix(100))\" as in the body, got \"\(header.prefix(100))\"")
    }
    guard revision == MCPRevision.stateless else { throw .unsupported(revision) }
  }

  /// Checks that the headers say what the message says (2026-07-28, Streamable HTTP, Server Validation).
  private func checkHeaders(_ head: HTTPRequestHead) throws(RPCError) {
    try Self.check(head.values(of: "mcp-protocol-version"), "MCP-Protocol-Version", revision)
    try Self.check(head.values(of: "mcp-method"), "Mcp-Method", method)
    switch method {
    case "tools/call", "prompts/get": try Self.check(head.values(of: "mcp-name"), "Mcp-Name", parameters.name)
    case "resources/read": try Self.check(head.values(of: "mcp-name"), "Mcp-Name", parameters.uri)
    default: break
    }
  }

  private static func check(_ values: [String], _ name: String, _ expected: String?) throws(RPCError) {
    // What the body lacks is an error of its own.
    guard let expected else { return }
    guard values.count == 1, decoded(values[0]) == expected else {
      let got = values.isEmpty ? "none" : values.map { "\"\($0.prefix(100))\"" }.joined(separator: ", ")
      throw .headerMismatch("the header \(name) must be \"\(expected.prefix(100))\" as in the body, got \(got)")
    }
  }

  /// A header's value, which may be in Base64: `=?base64?…?=`.
  private static func decoded(_ value: String) -> String? {
    guard value.hasPrefix("=?base64?"), value.hasSuffix("?="), value.utf8.count >= 11 else { return value }
    return Base64.decode(value.utf8.dropFirst(9).dropLast(2)).flatMap { String(validating: $0, as: UTF8.self) }
  }
}

extension MCPMessage.Parameters {
  fileprivate init(_ value: JSONValue?) throws(RPCError) {
    name = value?["name"]?.string
    uri = value?["uri"]?.string
    cursor = value?["cursor"]?.string
    protocolVersion = value?["protocolVersion"]?.string
    guard let given = value?["arguments"], !given.isNull else { return }
    guard given.kind == .object else { throw .invalidParameters("params.arguments must be an object") }
    var json = JSONWriter(capacity: given.lengthBound)
    json.copy(given)
    arguments = json.bytes
  }
}
