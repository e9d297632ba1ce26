internal import JSON
internal import Schemas

/// An error in the form of JSON-RPC 2.0, with the HTTP status that goes with it.
struct RPCError: Error, Sendable {
  /// The code: JSON-RPC's, MCP's, or the HTTP status of a problem.
  let code: Int
  /// The HTTP status.
  let status: Int
  /// What is wrong, in a sentence.
  let message: String
  /// The JSON text of `data`; nil if there is none.
  var data: [UInt8]?
  /// Additional headers of the answer.
  var headers: [Problem.Detail] = []
  /// What became of the intent that was asked; nil if none was.
  var outcome: Gate.Outcome?

  /// The message is no JSON.
  static func unreadable(_ why: String) -> Self { Self(code: -32700, status: 400, message: "the body must be JSON: \(why)") }

  /// The message is no JSON-RPC request.
  static func invalidRequest(_ message: String, status: Int = 400) -> Self { Self(code: -32600, status: status, message: message) }

  /// There is no such method.
  static func noMethod(_ method: String) -> Self {
    Self(code: -32601, status: 404, message: "there is no method \"\(method.prefix(100))\"")
  }

  /// A parameter is missing or breaks a rule, or names nothing that there is.
  static func invalidParameters(_ message: String) -> Self { Self(code: -32602, status: 400, message: message) }

  /// A header is missing, or differs from the body (MCP 2026-07-28).
  static func headerMismatch(_ message: String) -> Self { Self(code: -32020, status: 400, message: message) }

  /// The revision is not spoken here (MCP 2026-07-28).
  static func unsupported(_ revision: String) -> Self {
    let requested = String(revision.prefix(100))
    let data = JSONWriter.object { json in
      json.array("supported", of: MCPRevision.all)
      json.member("requested", requested)
    }
    return Self(
      code: -32022, status: 400,
      message: "the protocol version must be one of \(MCPRevision.all.joined(separator: ", ")), got \"\(requested)\"", data: data)
  }

  /// Nothing stands at an address: -32602 from 2026-07-28 on, -32002 before.
  static func noResource(_ address: String, isStateless: Bool) -> Self {
    let data = JSONWriter.object { $0.member("uri", String(address.prefix(200))) }
    return Self(
      code: isStateless ? -32602 : -32002, status: 400, message: "there is no resource \"\(address.prefix(200))\"", data: data)
  }
}

extension RPCError {
  /// The same problem as over plain HTTP: its status is the code, and its code and details are the data.
  init(_ problem: Problem, _ outcome: Gate.Outcome? = nil) {
    self.outcome = outcome
    code = problem.status
    status = problem.status
    message = problem.message
    data = JSONWriter.object { Problem.shape.writeMembers(of: problem, to: &$0) }
    headers = problem.headers + (outcome?.headers ?? [])
  }
}
