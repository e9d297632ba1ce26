import DaprClient
import Foundation
import HTTPServer
import Testing

@Suite("Requests that the client sends")
struct RequestTests {
  private func json(_ request: HTTPRequest?) -> Any? {
    request.flatMap { jsonValue(String(decoding: $0.body, as: UTF8.self)) }
  }

  @Test("Names in request targets are encoded, so that they cannot reach another path")
  func encoding() async throws {
    let double = try SidecarDouble(status: 204)
    try await double.client.delete("a/../b?c=%20#é|:~", etag: "\"1\"", context: patient)
    let event = OutgoingEvent(body: [], contentType: "text/plain", partitionKey: "a&b=c+d e")
    try await double.client.publish(event, to: "topic/x y", context: patient)
    try await double.client.publish(event, to: "topic", through: "another/one", context: patient)
    _ = try await double.client.invoke(Invocation(app: "a/b", path: "p?q=1&r=a b\r\nX: y", method: "GET"), context: patient)
    #expect(
      double.requests.map(\.head.target) == [
        "/v1.0/state/state%20store/a%2F..%2Fb%3Fc%3D%2520%23%C3%A9%7C%3A~?concurrency=first-write",
        "/v1.0/publish/pub%2Fsub/topic/x%20y?metadata.partitionKey=a%26b%3Dc%2Bd%20e",
        "/v1.0/publish/another%2Fone/topic?metadata.partitionKey=a%26b%3Dc%2Bd%20e",
        "/v1.0/invoke/a%2Fb/method/p?q=1&r=a%20b%0D%0AX:%20y",
      ])
    #expect(double.requests.first?.head.header("if-match") == "\"1\"")
    await double.end()
  }

  @Test("Every call carries the token and the trace, and an invoked call passes on no other headers")
  func tokenAndTrace() async throws {
    let double = try SidecarDouble(apiToken: "secret") { _ in HTTPResponse(status: 204) }
    let context = CallContext(deadline: 120_000, traceparent: "00-1-2-01", tracestate: "a=b", baggage: "c=d")
    _ = await double.client.isReady(context: context)
    try await double.client.save(items([10]), context: context)
    let theirs = ["Dapr-Api-Token", "Traceparent", "Tracestate", "Baggage"].map { (name: $0, value: "theirs") }
    let headers = theirs + [(name: "X-Mine", value: "m")]
    let call = Invocation(app: "a", path: "p", method: "POST", headers: headers, body: [1])
    _ = try await double.client.invoke(call, context: context)
    for request in double.requests {
      for (name, value) in [("dapr-api-token", "secret"), ("traceparent", "00-1-2-01"), ("tracestate", "a=b"), ("baggage", "c=d")] {
        #expect(request.head.fields.filter { $0.name.lowercased() == name }.map(\.value) == [value])
      }
    }
    #expect(double.requests.last?.head.header("x-mine") == "m")
    await double.end()
  }

  @Test("A call without a token and a trace sends neither")
  func bare() async throws {
    let double = try SidecarDouble(status: 204)
    try await double.client.save(items([10]), context: patient)
    #expect(double.requests.first?.head.header("dapr-api-token") == nil)
    #expect(double.requests.first?.head.header("traceparent") == nil && double.requests.first?.head.header("tracestate") == nil)
    #expect(double.requests.first?.head.header("baggage") == nil)
    #expect(double.requests.first?.head.header("content-type") == "application/json")
    await double.end()
  }

  @Test("A save sends a document as a string that holds it, byte for byte")
  func values() async throws {
    let double = try SidecarDouble(status: 204)
    let value = #"{ "é":1.50, "n":18446744073709551615,"t":"a\"b\\c\n\u0001" }"#
    let item = SaveItem(key: #"quote " and \ "#, value: Array(value.utf8), condition: .matches(#"e"1"#), secondsToLive: -1)
    try await double.client.save([item], context: patient)
    let text = String(decoding: double.requests.first?.body ?? [], as: UTF8.self)
    let sent = try #require((jsonValue(text) as? [[String: Any]])?.first)
    #expect(sent["value"] as? String == value)
    #expect(sent["key"] as? String == #"quote " and \ "#)
    #expect(sent["etag"] as? String == #"e"1"#)
    #expect(sent["metadata"] as? [String: String] == ["ttlInSeconds": "-1"])
    await double.end()
  }

  @Test("A bulk publish sends JSON as JSON, text as a string and bytes in base64")
  func eventForms() async throws {
    let double = try SidecarDouble(status: 204)
    let forms: [(body: [UInt8], type: String, event: Any, sentType: String)] = [
      (Array("[1]".utf8), "application/json; charset=utf-8", [1], "application/json; charset=utf-8"),
      (Array(#"{"id":"1"}"#.utf8), "Application/CloudEvents+JSON", ["id": "1"], "Application/CloudEvents+JSON"),
      (Array("a \"b\"\n".utf8), "text/plain", "a \"b\"\n", "text/plain"),
      ([], "application/json", "", "application/json"),
      (Array("ab".utf8), "application/octet-stream", "YWI=", "application/octet-stream"),
      ([0xFF, 0xFE, 0x00], "text/plain", "//4A", "application/octet-stream"),
      ([0x66], "application/octet-stream", "Zg==", "application/octet-stream"),
    ]
    let events = forms.map { OutgoingEvent(body: $0.body, contentType: $0.type, partitionKey: nil) }
    #expect(try await double.client.publish(events, to: "t", context: patient).isEmpty)
    let sent = try #require(json(double.requests.first) as? [[String: Any]])
    for (entry, form) in zip(sent, forms) {
      #expect(isSameJSON(entry["event"], form.event), "\(form.type)")
      #expect(entry["contentType"] as? String == form.sentType)
      #expect(entry["metadata"] == nil)
    }
    #expect(double.requests.first?.head.target == "/v1.0-alpha1/publish/bulk/pub%2Fsub/t")
    await double.end()
  }

  @Test("A call with nothing to do sends no request")
  func nothing() async throws {
    let double = try SidecarDouble(status: 500)
    #expect(try await double.client.load([], context: patient) { _, _ in 0 }.isEmpty)
    try await double.client.save([], context: patient)
    try await double.client.transact([], context: patient)
    #expect(try await double.client.publish([], to: "t", context: patient).isEmpty)
    #expect(double.requests.isEmpty)
    await double.end()
  }
}
