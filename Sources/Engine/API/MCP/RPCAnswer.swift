internal import HTTPServer
internal import JSON

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
