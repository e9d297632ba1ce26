import Foundation
import HTTPServer
import Testing

@testable import MasteryService

/// A client of `/mcp` that writes its messages by hand.
struct MCPClient {
  let stand: Stand
  /// The token; nil for none.
  var token: String?
  var path = "/mcp"

  /// An answer with its body, read by Foundation.
  struct Reply {
    let status: Int
    let response: HTTPResponse
    let body: [String: Any]

    var result: [String: Any] { body["result"] as? [String: Any] ?? [:] }
    var error: [String: Any] { body["error"] as? [String: Any] ?? [:] }
    var code: Int? { error["code"] as? Int }
    /// The text of the first content of a tool's answer.
    var text: String { (result["content"] as? [[String: Any]])?.first?["text"] as? String ?? "" }
    var structured: [String: Any] { result["structuredContent"] as? [String: Any] ?? [:] }
    var isError: Bool? { result["isError"] as? Bool }
  }

  static let meta =
    #""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}"#

  /// Sends a body as it is.
  func post(_ body: String, _ fields: [HTTPField] = []) async throws -> Reply {
    let own = token.map { [Bearer.header($0)] } ?? []
    let response = await stand.ask("POST", path, body, own + fields)
    let read = response.body.isEmpty ? [:] : (try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any] ?? [:])
    return Reply(status: response.status, response: response, body: read)
  }

  /// Asks in the era of handshakes; parameters as the members of an object.
  func ask(_ method: String, _ params: String = "") async throws -> Reply {
    try await post(
      #"{"jsonrpc":"2.0","id":7,"method":"\#(method)","params":{\#(params)}}"#, [HTTPField("MCP-Protocol-Version", "2025-11-25")])
  }

  /// Asks as from 2026-07-28 on, with the headers that the message needs.
  func askStateless(_ method: String, _ params: String = "", name: String? = nil) async throws -> Reply {
    var fields = [HTTPField("MCP-Protocol-Version", "2026-07-28"), HTTPField("Mcp-Method", method)]
    if let name { fields.append(HTTPField("Mcp-Name", name)) }
    let members = params.isEmpty ? Self.meta : "\(Self.meta),\(params)"
    return try await post(#"{"jsonrpc":"2.0","id":7,"method":"\#(method)","params":{\#(members)}}"#, fields)
  }

  /// Calls a tool.
  func call(_ tool: String, _ arguments: String = "{}") async throws -> Reply {
    try await ask("tools/call", #""name":"\#(tool)","arguments":\#(arguments)"#)
  }
}

extension Stand {
  /// A service as in production with some evidence of the students s-1 and s-2.
  static func withStudents(_ configure: @escaping (inout Configuration) -> Void = { _ in }) async -> Stand {
    let stand = Stand.production(configure)
    for student in ["s-1", "s-2"] {
      for day in 1...14 {
        let event =
          #"{"event_id":"\#(student)-\#(day)","event_type":"quiz","timestamp":"2026-03-\#(day < 10 ? "0" : "")\#(day)T10:00:00Z","#
          + #""student_id":"\#(student)","course_id":"python","topic":"loops","#
          + #""data":{"total_questions":9,"correct_answers":\#(day % 9 + 1)},"metadata":{"cohort_id":"c-1"}}"#
        _ = await stand.deliver([event])
      }
    }
    return stand
  }

  func client(_ subject: String, _ role: String, students: [String] = []) throws -> MCPClient {
    MCPClient(stand: self, token: try Bearer.token(subject, role, students: students))
  }
}
