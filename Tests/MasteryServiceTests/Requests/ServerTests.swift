import Foundation
import HTTPClient
import HTTPServer
import Testing
import WireTesting

@testable import MasteryService

@Suite("The service behind a real server")
struct ServerTests {
  private static let json = [(name: "Content-Type", value: "application/json")]

  private struct Case: Sendable {
    let name: String
    let method: String
    let target: String
    let headers: [(name: String, value: String)]
    let body: [UInt8]?
    let status: Int
    let word: String
  }

  private static let cases: [Case] = [
    Case(
      name: "answers", method: "POST", target: "/mastery/calculate", headers: json,
      body: Array(#"{"components":{"quiz":1}}"#.utf8), status: 200, word: #""mastery_score":0.3"#),
    Case(
      name: "answers with a slash behind its path", method: "POST", target: "/mastery/calculate/", headers: json,
      body: Array(#"{"components":{"quiz":1}}"#.utf8), status: 200, word: #""mastery_score":0.3"#),
    Case(
      name: "answers health with a slash behind it", method: "GET", target: "/api/v1/health/", headers: [], body: nil, status: 200,
      word: "ok"),
    Case(name: "refuses no JSON", method: "POST", target: "/process", headers: json, body: Array("{".utf8), status: 400, word: "body"),
    Case(
      name: "refuses invalid UTF-8", method: "POST", target: "/process", headers: json, body: [0x22, 0xFF, 0x22], status: 400,
      word: "body"),
    Case(
      name: "refuses endless brackets", method: "POST", target: "/mastery/query", headers: json,
      body: Array(String(repeating: "[", count: 10_000).utf8), status: 400, word: "body"),
    Case(
      name: "refuses a wrong type", method: "POST", target: "/mastery/query", headers: [(name: "Content-Type", value: "text/csv")],
      body: Array("a,b".utf8), status: 415, word: "application/json"),
    Case(name: "refuses a wrong method", method: "GET", target: "/mastery/query", headers: [], body: nil, status: 405, word: "POST"),
    Case(name: "refuses an unknown path", method: "GET", target: "/nothing", headers: [], body: nil, status: 404, word: "NOT_FOUND"),
    Case(
      name: "refuses a long body", method: "POST", target: "/mastery/query", headers: json,
      body: [UInt8](repeating: 0x20, count: (1 << 20) + 1), status: 413, word: "1048576"),
    Case(
      name: "refuses long headers", method: "GET", target: "/health",
      headers: [(name: "X-Long", value: String(repeating: "x", count: 25_000))], body: nil, status: 431, word: "VALIDATION_ERROR"),
    Case(
      name: "takes a long delivery", method: "POST", target: "/events/learning.quiz",
      headers: [(name: "Content-Type", value: "application/cloudevents+json")],
      body: Array(#"{"entries":[],"pad":"\#(String(repeating: "x", count: 2 << 20))"}"#.utf8), status: 200, word: #"{"statuses":[]}"#),
  ]

  @Test("The service behind a server answers and refuses as in process, and continues", arguments: cases.map(\.name))
  func exchange(_ name: String) async throws {
    let exchange = try #require(Self.cases.first { $0.name == name })
    let server = try HTTPServer(HTTPServerSettings(host: "127.0.0.1", port: 0), application: Stand().service)
    let client = try HTTPClient()
    defer { client.stop() }
    let address = "http://127.0.0.1:\(server.port)"
    let call = HTTPCall(
      exchange.method, address + exchange.target, headers: [(name: "X-Request-ID", value: "r-1")] + exchange.headers,
      body: exchange.body, deadline: 120_000)
    let answer = try await client.send(call)
    #expect(answer.status == exchange.status)
    #expect(String(decoding: answer.body, as: UTF8.self).contains(exchange.word))
    #expect(answer.header("x-content-type-options") == "nosniff" && answer.header("cache-control") == "no-store")
    #expect(answer.header("x-correlation-id") == "r-1")
    let alive = try await client.send(HTTPCall("GET", address + "/health", deadline: 120_000))
    #expect(alive.status == 200)
    await server.stop(within: .seconds(5))
  }

  /// Requests that the server's library answers by itself, and the status for them in the Contract article, "Error codes".
  private static let unreadableRequests: [(request: String, status: Int, word: String)] = [
    ("GET / TELNET\r\nHost: h\r\n\r\n", 400, "well-formed"), ("GET / HTTP/1.1\r\n\r\n", 400, "Host"),
    ("GET / HTTP/3.0\r\nHost: h\r\n\r\n", 505, "HTTP/1.1"),
    (
      "GET / HTTP/1.1\r\nHost: h\r\nX-Correlation-ID: c-1\r\nAccept: */*\r\nX: \(String(repeating: "x", count: 200_000))\r\n\r\n", 431,
      "24 KiB"
    ),
    ("GET /\(String(repeating: "x", count: 200_000)) HTTP/1.1\r\nHost: h\r\n\r\n", 431, "24 KiB"),
    ("POST /process HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n", 413, "64 bits"),
    (
      "POST /events/learning.quiz HTTP/1.1\r\nHost: h\r\nX-Correlation-ID: c-1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n", 400,
      "well-formed"
    ),
  ]

  @Test("A request that cannot be read is answered with the envelope and the contract's headers", arguments: unreadableRequests.indices)
  func unreadable(_ index: Int) async throws {
    let (request, status, word) = Self.unreadableRequests[index]
    let server = try HTTPServer(HTTPServerSettings(host: "127.0.0.1", port: 0), application: Stand().service)
    let port = server.port
    let answer = await onThread { () -> String in
      guard let connection = RawConnection(port: port) else { return "no connection" }
      connection.send(request)
      return connection.receiveAll()
    }
    let (head, body) = try #require(answer.range(of: "\r\n\r\n").map { (answer[..<$0.lowerBound], String(answer[$0.upperBound...])) })
    #expect(head.dropFirst("HTTP/1.1 ".count).hasPrefix("\(status) "))
    let envelope = try ReadJSON.object(body)
    let error = try #require(envelope["error"] as? [String: Any])
    #expect(envelope["success"] as? Bool == false && error["code"] as? String == "VALIDATION_ERROR")
    #expect((error["message"] as? String)?.contains(word) == true)
    let correlation = try #require((envelope["meta"] as? [String: Any])?["correlation_id"] as? String)
    #expect(correlation == "c-1" || !request.contains("c-1"))
    for header in [
      "X-Correlation-ID: \(correlation)", "X-Content-Type-Options: nosniff", "Cache-Control: no-store",
      "Content-Security-Policy: default-src 'none'", "Referrer-Policy: no-referrer", "Content-Type: application/json; charset=utf-8",
      "Connection: close",
    ] {
      #expect(head.contains("\r\n\(header)"))
    }
    await server.stop(within: .seconds(5))
  }
}
