import Foundation
import HTTPClient
import HTTPServer
import Testing
import WireTesting

@testable import Commands

@Suite("MCP over standard input")
struct MCPBridgeTests {
  /// What a bridge to an application answers to lines, one after the other.
  private func answers(
    _ lines: [String], token: String? = "t", school: String? = nil, from application: ScriptedApplication
  ) async throws -> [String?] {
    let server = try application.serve()
    let client = try HTTPClient()
    let bridge = MCPBridge(client: client, address: "http://127.0.0.1:\(server.port)", school: school, token: token)
    var answers: [String?] = []
    for line in lines {
      let message = bridge.take(Array(line.utf8))
      answers.append(await bridge.answer(message).map { String(decoding: $0, as: UTF8.self) })
      bridge.finish(message)
    }
    client.stop()
    await server.stop(within: .seconds(1))
    return answers
  }

  private static let meta = #""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}"#

  @Test("A message is carried as it is, with the headers that say again what it says")
  func headers() async throws {
    let application = ScriptedApplication { _ in .text(#"{"jsonrpc":"2.0","id":1,"result":{}}"#) }
    let call = #"{"jsonrpc":"2.0", "id":1,"method":"tools/call","params":{\#(Self.meta),"name":"trajectory"}}"#
    let read = #"{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{\#(Self.meta),"uri":"mastery://é"}}"#
    let list = #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}"#
    _ = try await answers([call, read, list], school: "north", from: application)
    let requests = application.requests
    #expect(requests.map { String(decoding: $0.body, as: UTF8.self) } == [call, read, list])
    #expect(requests.allSatisfy { $0.head.method == "POST" && $0.head.target == "/mcp" })
    #expect(requests.allSatisfy { $0.head.header("authorization") == "Bearer t" && $0.head.header("x-school-id") == "north" })
    #expect(requests.map { $0.head.header("mcp-protocol-version") } == ["2026-07-28", "2026-07-28", nil])
    #expect(requests.map { $0.head.header("mcp-method") } == ["tools/call", "resources/read", nil])
    // "mastery://é" in Base64, worked out elsewhere.
    #expect(requests.map { $0.head.header("mcp-name") } == ["trajectory", "=?base64?bWFzdGVyeTovL8Op?=", nil])
  }

  @Test(
    "A header's value is plain where it can be, as the specification's table has it",
    arguments: [
      ("us-west1", "us-west1"), ("Hello, 世界", "=?base64?SGVsbG8sIOS4lueVjA==?="), (" padded ", "=?base64?IHBhZGRlZCA=?="),
      ("line1\nline2", "=?base64?bGluZTEKbGluZTI=?="), ("=?base64?literal?=", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="),
    ])
  func encoded(text: String, header: String) {
    #expect(MCPBridge.header(text) == header)
  }

  @Test("The revision that a handshake agrees on goes along with what follows")
  func revision() async throws {
    let application = ScriptedApplication { _ in .text(#"{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-06-18"}}"#) }
    let begin = #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}"#
    _ = try await answers(
      [#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#, begin, #"{"jsonrpc":"2.0","id":2,"method":"ping"}"#], token: nil, from: application)
    #expect(application.requests.map { $0.head.header("mcp-protocol-version") } == [nil, nil, "2025-06-18"])
    #expect(application.requests.allSatisfy { $0.head.header("authorization") == nil })
  }

  @Test("An answer is one line and has the request's id, also where the engine refused before it read one")
  func answered() async throws {
    let pretty = ScriptedApplication { _ in .text("{\n  \"jsonrpc\": \"2.0\",\n  \"id\": \"a\",\n  \"result\": {}\n}") }
    let ask = #"{"jsonrpc":"2.0","id":"a","method":"ping"}"#
    #expect(try await answers([ask], from: pretty) == [#"{"jsonrpc":"2.0","id":"a","result":{}}"#])
    let refusal = ScriptedApplication { _ in
      HTTPResponse(status: 401, body: Array(#"{"jsonrpc":"2.0","error":{"code":401,"message":"no token"}}"#.utf8))
    }
    #expect(
      try await answers([ask, "not JSON"], from: refusal) == [
        #"{"jsonrpc":"2.0","id":"a","error":{"code":401,"message":"no token"}}"#,
        #"{"jsonrpc":"2.0","error":{"code":401,"message":"no token"}}"#,
      ])
    for foreign in ["<html>", #"{"errorCode":"ERR_DIRECT_INVOKE"}"#, ""] {
      let answer = try await answers([ask], from: ScriptedApplication { _ in HTTPResponse(status: 500, body: Array(foreign.utf8)) })
      #expect(answer[0]?.hasPrefix(#"{"jsonrpc":"2.0","id":"a","error":{"code":-32603,"message":"what answers at http"#) == true)
    }
  }

  @Test("What gets no answer troubles nobody; an id that is none is the engine's to refuse; what is too long is refused here")
  func silent() async throws {
    let application = ScriptedApplication { request in
      request.body.starts(with: Array("[".utf8)) ? HTTPResponse(status: 202) : .text(#"{"jsonrpc":"2.0","error":{"code":-32600}}"#)
    }
    let long = #"{"jsonrpc":"2.0","id":5,"method":"ping","params":{"x":"\#(String(repeating: "x", count: MCPBridge.longestMessage))"}}"#
    let answers = try await answers(
      [
        #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#, #"{"jsonrpc":"2.0","id":1,"result":{}}"#,
        #"{"jsonrpc":"2.0","id":1,"error":{}}"#, #"[{"jsonrpc":"2.0","method":"notifications/x"}]"#,
        #"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, #"{"jsonrpc":"2.0","id":[1],"method":"ping"}"#, long,
      ], from: application)
    #expect(answers[..<4].allSatisfy { $0 == nil } && application.requests.count == 3)
    #expect(answers[4] == #"{"jsonrpc":"2.0","error":{"code":-32600}}"# && answers[5] == answers[4])
    #expect(answers[6]?.contains(#""id":5,"error":{"code":-32600,"message":"a message must have at most 1048576 bytes""#) == true)
  }

  @Test("Where no engine answers, the message says so in words")
  func unreachable() async throws {
    let client = try HTTPClient()
    let bridge = MCPBridge(client: client, address: "http://127.0.0.1:\(try reservedPort())", school: nil, token: nil)
    let answer = await bridge.answer(bridge.take(Array(#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#.utf8)))
    #expect(String(decoding: answer ?? [], as: UTF8.self).contains("no engine answers at http://127.0.0.1:") == true)
    #expect(String(decoding: answer ?? [], as: UTF8.self).contains(": nobody listens there\""))
    client.stop()
  }

  @Test("A cancelled request gets no answer; another one with the same id does, whether it comes before or after the cancellation")
  func cancelled() async throws {
    let gate = Gate()
    let server = try ScriptedApplication { _ in
      await gate.pass()
      return .text(#"{"jsonrpc":"2.0","id":"a","result":{}}"#)
    }.serve()
    let client = try HTTPClient()
    let bridge = MCPBridge(client: client, address: "http://127.0.0.1:\(server.port)", school: nil, token: nil)
    let cancel = Array(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"a"}}"#.utf8)
    let ask = Array(#"{"jsonrpc":"2.0","id":"a","method":"ping"}"#.utf8)
    // Nothing is open yet.
    #expect(await bridge.answer(bridge.take(cancel)) == nil)
    let (first, second) = (bridge.take(ask), bridge.take(ask))
    _ = bridge.take(cancel)
    let third = bridge.take(ask)
    async let answers = [bridge.answer(first), bridge.answer(second), bridge.answer(third)]
    await gate.awaitArrivals()
    gate.open()
    let given = await answers.map { $0 != nil }
    #expect(given == [true, false, true])
    #expect(bridge.isAwaited)
    for message in [first, second, third] { bridge.finish(message) }
    #expect(!bridge.isAwaited)
    client.stop()
    await server.stop(within: .seconds(1))
  }

  @Test("The built program answers each line of its input, side by side, and ends with it")
  func program() async throws {
    let server = try ScriptedApplication { request in
      let id = String(decoding: request.body, as: UTF8.self).split(separator: ":")[1].prefix { $0.isNumber }
      return .text(#"{"jsonrpc":"2.0","id":\#(id),"result":{}}"#)
    }.serve()
    let process = Process()
    process.executableURL = try builtProgram("mastery-engine")
    process.arguments = ["mcp", "--engine", "http://127.0.0.1:\(server.port)"]
    process.environment = [:]
    let (input, output) = (Pipe(), Pipe())
    (process.standardInput, process.standardOutput) = (input, output)
    try process.run()
    // The last line has no break, and one is blank.
    let lines = (1...50).map { #"{"id":\#($0),"method":"ping"}"# }.joined(separator: "\n\n")
    try input.fileHandleForWriting.write(contentsOf: Data(lines.utf8))
    try input.fileHandleForWriting.close()
    let said = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    let expected = Set((1...50).map { #"{"jsonrpc":"2.0","id":\#($0),"result":{}}"# })
    #expect(Set(said.split(separator: "\n").map(String.init)) == expected && said.count { $0 == "\n" } == 50)
    #expect(process.terminationStatus == 0)
    await server.stop(within: .seconds(1))
  }

  @Test("The built program ends when nobody reads its output any more")
  func lostOutput() async throws {
    let server = try ScriptedApplication { _ in .text(#"{"jsonrpc":"2.0","id":1,"result":{}}"#) }.serve()
    let process = Process()
    process.executableURL = try builtProgram("mastery-engine")
    process.arguments = ["mcp", "--engine", "http://127.0.0.1:\(server.port)"]
    process.environment = [:]
    let input = Pipe()
    (process.standardInput, process.standardOutput) = (input, try FileHandle(forWritingTo: URL(filePath: "/dev/full")))
    process.standardError = Pipe()
    try process.run()
    // The input stays open.
    try input.fileHandleForWriting.write(contentsOf: Data("{\"id\":1,\"method\":\"ping\"}\n".utf8))
    process.waitUntilExit()
    #expect(process.terminationStatus == 74)
    await server.stop(within: .seconds(1))
  }
}
