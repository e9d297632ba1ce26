internal import HTTPServer
internal import JSON

/// What a method of MCP comes to.
struct MCPResult: Sendable {
  /// For how long and for whom a result may be kept (2026-07-28, Caching).
  struct Caching: Sendable {
    /// In milliseconds; 0 for what is old at once.
    let lifetime: Int
    /// Whether others may be given it.
    let isPublic: Bool

    /// What the same release says to everybody.
    static let everybody = Self(lifetime: 3_600_000, isPublic: true)
    /// What the same release says to callers of the same role.
    static let role = Self(lifetime: 3_600_000, isPublic: false)
    /// What may have changed by the next time.
    static let never = Self(lifetime: 0, isPublic: false)
  }

  /// Nil for results that say nothing about keeping them.
  var caching: Caching?
  /// What became of the intent that it asked; nil if it asked none.
  var outcome: Gate.Outcome?
  /// The name of that intent.
  var intent: String?
  /// Writes the members of `result`.
  let members: @Sendable (inout JSONWriter) -> Void

  init(_ caching: Caching? = nil, _ members: @escaping @Sendable (inout JSONWriter) -> Void) {
    (self.caching, self.members) = (caching, members)
  }
}

/// An answer in the form of JSON-RPC 2.0.
enum RPCAnswer {
  /// The JSON text of a result.
  static func result(_ result: MCPResult, to sender: MCPMessage.Sender) -> [UInt8] {
    JSONWriter.object(capacity: 4096) { json in
      begin(sender.id, &json)
      json.object("result") { json in
        if sender.isStateless { json.member("resultType", "complete" as StaticString) }
        result.members(&json)
        guard sender.isStateless else { return }
        if let caching = result.caching {
          json.member("ttlMs", caching.lifetime)
          json.member("cacheScope", (caching.isPublic ? "public" : "private") as StaticString)
        }
        json.object("_meta") { $0.object("io.modelcontextprotocol/serverInfo") { MCPServer.writeInfo(to: &$0) } }
      }
    }
  }

  /// The JSON text of an error; without an id if none could be read.
  static func error(_ error: RPCError, id: [UInt8]? = nil) -> [UInt8] {
    JSONWriter.object(capacity: 512) { json in
      begin(id, &json)
      json.object("error") { json in
        json.member("code", error.code)
        json.member("message", error.message)
        if let data = error.data { json.member("data", raw: data) }
      }
    }
  }

  /// The response to a request that is refused before its message is read.
  static func refusal(_ problem: Problem, correlationID: String) -> HTTPResponse {
    ResponseHeaders.json(
      status: problem.status, body: error(RPCError(problem)), correlationID: correlationID, problem.headers)
  }

  private static func begin(_ id: [UInt8]?, _ json: inout JSONWriter) {
    json.member("jsonrpc", "2.0" as StaticString)
    if let id { json.member("id", raw: id) }
  }
}
