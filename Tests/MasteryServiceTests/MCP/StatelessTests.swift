import HTTPServer
import Testing

@testable import MasteryService

@Suite("MCP without a handshake")
struct StatelessTests {
  @Test("server/discover tells revisions, capabilities and how long that holds; each result says who answered")
  func discovery() async throws {
    let client = try Stand.production().client("t-1", "teacher")
    let reply = try await client.askStateless("server/discover")
    #expect(reply.status == 200 && reply.result["resultType"] as? String == "complete")
    #expect(reply.result["supportedVersions"] as? [String] == ["2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"])
    #expect(reply.result["cacheScope"] as? String == "public" && (reply.result["ttlMs"] as? Int ?? -1) > 0)
    let meta = reply.result["_meta"] as? [String: [String: String]]
    #expect(meta?["io.modelcontextprotocol/serverInfo"]?["name"] == "mastery-engine")
  }

  @Test("Lists and documents may be kept, what shows a student's data may not, and a tool's answer says nothing of it")
  func caching() async throws {
    let client = try await Stand.withStudents().client("t-1", "teacher", students: ["s-1"])
    let missing = try await client.askStateless("resources/read", #""uri":"mastery://students/s-9""#, name: "mastery://students/s-9")
    #expect(missing.code == 403, "whether there is such a student is not told")
    for (method, uri, scope, lives) in [
      ("tools/list", nil, "private", true), ("resources/list", nil, "public", true), ("resources/templates/list", nil, "public", true),
      ("prompts/list", nil, "private", true), ("resources/read", "mastery://contract", "public", true),
      ("resources/read", "mastery://students/s-1", "private", false),
    ] {
      let reply = try await client.askStateless(method, uri.map { #""uri":"\#($0)""# } ?? "", name: uri)
      #expect(reply.result["cacheScope"] as? String == scope && (reply.result["ttlMs"] as? Int).map { $0 > 0 } == lives, "\(method)")
    }
    let called = try await client.askStateless(
      "tools/call", #""name":"mastery_query","arguments":{"student_id":"s-1"}"#, name: "mastery_query")
    #expect(called.isError == false && called.result["ttlMs"] == nil && called.result["resultType"] as? String == "complete")
  }

  /// A message with some headers, the expected status and code, and a word of the message.
  struct Refused: Sendable, CustomTestStringConvertible {
    let what: String
    var params = #"{\#(MCPClient.meta)}"#
    var method = "tools/list"
    let fields: [HTTPField]
    let status: Int
    let code: Int
    var testDescription: String { what }
  }

  private static let version = HTTPField("MCP-Protocol-Version", "2026-07-28")
  private static let unknown =
    #"{"_meta":{"io.modelcontextprotocol/protocolVersion":"2099-01-01","io.modelcontextprotocol/clientCapabilities":{}}}"#

  @Test(
    "A request that does not say what it must, or says it twice and differently, is refused with its own code",
    arguments: [
      Refused(what: "no _meta", params: "{}", fields: [version, HTTPField("Mcp-Method", "tools/list")], status: 400, code: -32602),
      Refused(
        what: "no capabilities", params: #"{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}"#,
        fields: [version, HTTPField("Mcp-Method", "tools/list")], status: 400, code: -32602),
      Refused(
        what: "a version that is a number",
        params: #"{"_meta":{"io.modelcontextprotocol/protocolVersion":1,"io.modelcontextprotocol/clientCapabilities":{}}}"#,
        fields: [version, HTTPField("Mcp-Method", "tools/list")], status: 400, code: -32602),
      Refused(what: "no version header", fields: [HTTPField("Mcp-Method", "tools/list")], status: 400, code: -32020),
      Refused(
        what: "another version in the header",
        fields: [HTTPField("MCP-Protocol-Version", "2025-11-25"), HTTPField("Mcp-Method", "tools/list")],
        status: 400, code: -32020),
      Refused(what: "two version headers", fields: [version, version, HTTPField("Mcp-Method", "tools/list")], status: 400, code: -32020),
      Refused(what: "no method header", fields: [version], status: 400, code: -32020),
      Refused(what: "another method in the header", fields: [version, HTTPField("Mcp-Method", "tools/call")], status: 400, code: -32020),
      Refused(what: "a method in other letters", fields: [version, HTTPField("Mcp-Method", "Tools/List")], status: 400, code: -32020),
      Refused(
        what: "no name header", params: #"{\#(MCPClient.meta),"name":"mastery_query"}"#, method: "tools/call",
        fields: [version, HTTPField("Mcp-Method", "tools/call")], status: 400, code: -32020),
      Refused(
        what: "a name in broken Base64", params: #"{\#(MCPClient.meta),"name":"mastery_query"}"#, method: "tools/call",
        fields: [version, HTTPField("Mcp-Method", "tools/call"), HTTPField("Mcp-Name", "=?base64?%%%?=")], status: 400, code: -32020),
      Refused(
        what: "a method in Base64", fields: [version, HTTPField("Mcp-Method", "=?base64?dG9vbHMvbGlzdA==?=")], status: 400, code: -32020),
      Refused(
        what: "a name in another text for the same bytes", params: #"{\#(MCPClient.meta),"name":"trajectory"}"#, method: "tools/call",
        fields: [version, HTTPField("Mcp-Method", "tools/call"), HTTPField("Mcp-Name", "=?base64?dHJhamVjdG9yeR==?=")], status: 400,
        code: -32020),
      Refused(
        what: "a name that only looks the same", params: #"{\#(MCPClient.meta),"uri":"mastery://students/K1"}"#, method: "resources/read",
        fields: [
          version, HTTPField("Mcp-Method", "resources/read"), HTTPField("Mcp-Name", "=?base64?bWFzdGVyeTovL3N0dWRlbnRzL+KEqjE=?="),
        ], status: 400, code: -32020),
      Refused(
        what: "letters that no header may have", params: #"{\#(MCPClient.meta),"uri":"mastery://é"}"#, method: "resources/read",
        fields: [version, HTTPField("Mcp-Method", "resources/read"), HTTPField("Mcp-Name", "mastery://é")], status: 400, code: -32020),
      Refused(
        what: "an unknown version", params: unknown,
        fields: [HTTPField("MCP-Protocol-Version", "2099-01-01"), HTTPField("Mcp-Method", "tools/list")], status: 400, code: -32022),
      Refused(
        what: "an unknown version in the header alone", params: "{}", fields: [HTTPField("MCP-Protocol-Version", "1999-01-01")],
        status: 400, code: -32022),
      Refused(
        what: "a method that is gone", method: "ping", fields: [version, HTTPField("Mcp-Method", "ping")], status: 404, code: -32601),
      Refused(
        what: "a method that is none", method: "subscriptions/listen", fields: [version, HTTPField("Mcp-Method", "subscriptions/listen")],
        status: 404, code: -32601),
      Refused(
        what: "a tool that is none", params: #"{\#(MCPClient.meta),"name":"nothing"}"#, method: "tools/call",
        fields: [version, HTTPField("Mcp-Method", "tools/call"), HTTPField("Mcp-Name", "nothing")], status: 400, code: -32602),
      Refused(
        what: "a resource that is none", params: #"{\#(MCPClient.meta),"uri":"mastery://x"}"#, method: "resources/read",
        fields: [version, HTTPField("Mcp-Method", "resources/read"), HTTPField("Mcp-Name", "mastery://x")], status: 400, code: -32602),
    ])
  func refused(_ request: Refused) async throws {
    let client = try Stand.production().client("t-1", "teacher")
    let reply = try await client.post(
      #"{"jsonrpc":"2.0","id":"x","method":"\#(request.method)","params":\#(request.params)}"#, request.fields)
    #expect(reply.status == request.status && reply.code == request.code, "\(reply.response.text)")
    #expect(reply.body["id"] as? String == "x")
    if request.code == -32022 {
      #expect((reply.error["data"] as? [String: Any])?["supported"] as? [String] == MCPRevision.all)
    }
  }

  @Test("A name that is not plain ASCII comes in Base64, and is compared as what it stands for")
  func encodedNames() async throws {
    let client = try Stand.production().client("t-1", "teacher")
    let plain = try await client.askStateless("tools/call", #""name":"trajectory","arguments":{}"#, name: "=?base64?dHJhamVjdG9yeQ==?=")
    #expect(plain.isError == true)
    let foreign = try await client.askStateless("tools/call", #""name":"世界""#, name: "=?base64?5LiW55WM?=")
    #expect(foreign.code == -32602, "it is compared, and there is no such tool")
  }

  @Test("A notification is taken and does nothing")
  func notifications() async throws {
    let client = try Stand.production().client("t-1", "teacher")
    let reply = try await client.post(
      #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}"#, [Self.version])
    #expect(reply.status == 202 && reply.response.body.isEmpty)
    let foreign = try await client.post(
      #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#, [HTTPField("MCP-Protocol-Version", "1999-01-01")])
    #expect(foreign.status == 400 && foreign.code == -32022)
  }
}
