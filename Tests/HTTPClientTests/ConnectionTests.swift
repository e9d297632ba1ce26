import HTTPClient
import Synchronization
import Testing
import WireTesting

@Suite("Answers written by hand")
struct ConnectionTests {
  /// Sends one call to a listener and returns its outcome.
  private func call(
    _ listener: RawListener, _ client: HTTPClient, method: String = "GET", body: [UInt8]? = nil
  ) async -> Result<HTTPAnswer, HTTPClientFailure> {
    do throws(HTTPClientFailure) {
      return .success(
        try await client.send(HTTPCall(method, "http://127.0.0.1:\(listener.port)/", body: body, deadline: 120_000)))
    } catch {
      return .failure(error)
    }
  }

  /// Answers each request of each connection with the same text.
  private func listener(answering text: String) -> RawListener {
    RawListener { _, connection in
      while connection.receive() != nil { connection.send(text) }
    }
  }

  @Test("The client keeps a connection and uses it again")
  func keepsConnections() async throws {
    let connections = Mutex(0)
    let listener = RawListener { number, connection in
      connections.withLock { $0 = number + 1 }
      while connection.receive() != nil { connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") }
    }
    defer { listener.close() }
    let client = try HTTPClient()
    for _ in 0..<20 { #expect(try await call(listener, client).get().body == Array("ok".utf8)) }
    #expect(connections.withLock { $0 } == 1)
    client.stop()
  }

  @Test("The client skips interim answers with their headers")
  func interimAnswers() async throws {
    let listener = listener(
      answering: "HTTP/1.1 100 Continue\r\nEarly: 1\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n"
        + "HTTP/1.1 201 Created\r\nLate: 2\r\nContent-Length: 3\r\n\r\nend")
    defer { listener.close() }
    let client = try HTTPClient()
    let answer = try await call(listener, client, method: "POST", body: [1]).get()
    #expect(answer.status == 201)
    #expect(answer.headers.map(\.name) == ["late", "content-length"])
    #expect(answer.body == Array("end".utf8))
    client.stop()
  }

  @Test("The client joins chunks, and text inside them that looks like an answer is body")
  func chunks() async throws {
    let listener = listener(
      answering: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nHTTP/\r\n3;a=b\r\n1.1\r\n0\r\n\r\n")
    defer { listener.close() }
    let client = try HTTPClient()
    #expect(try await call(listener, client).get().body == Array("HTTP/1.1".utf8))
    client.stop()
  }

  @Test("The client gives header names in lower case, and values without the surrounding space")
  func headers() async throws {
    let listener = listener(answering: "HTTP/1.1 204 No Content\r\nX-A:  b c \t\r\nEMPTY:\r\nColons: a:b:c\r\n\r\n")
    defer { listener.close() }
    let client = try HTTPClient()
    let answer = try await call(listener, client).get()
    #expect(answer.headers.map { "\($0.name)=\($0.value)" } == ["x-a=b c", "empty=", "colons=a:b:c"])
    client.stop()
  }

  @Test("The client returns a redirect like any other answer")
  func redirect() async throws {
    let listener = listener(answering: "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")
    defer { listener.close() }
    let client = try HTTPClient()
    #expect(try await call(listener, client).get().status == 302)
    client.stop()
  }

  @Test(
    "A call fails as broken if its connection is cut before the answer is whole, whatever has arrived",
    arguments: [
      "", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    ])
  func cutShort(part: String) async throws {
    let listener = RawListener { _, connection in
      _ = connection.receive()
      connection.send(part)
    }
    defer { listener.close() }
    let client = try HTTPClient()
    guard case .failure(.broken) = await call(listener, client) else {
      Issue.record("not broken")
      return
    }
    client.stop()
  }

  @Test("An answer that is not HTTP fails as broken")
  func otherProtocol() async throws {
    let listener = RawListener { _, connection in
      _ = connection.receive()
      connection.send("SSH-2.0-server\r\n")
    }
    defer { listener.close() }
    let client = try HTTPClient()
    guard case .failure(.broken) = await call(listener, client) else {
      Issue.record("not broken")
      return
    }
    client.stop()
  }
}
