import Testing

@testable import Tracing

@Suite("Spans as OTLP JSON")
struct TraceRequestTests {
  @Test("A request has the form of the protocol's JSON: ids in hexadecimal, 64-bit integers as strings, enumerations as numbers")
  func form() throws {
    let parent = try #require(SpanContext(traceparent: "00-5b8efff798038103d269b633813fc60c-eee19b7ec3c1b173-01"))
    let other = try #require(SpanContext(traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"))
    var server = Span(
      SpanContext(below: parent, random: { 0xEEE1_9B7E_C3C1_B174 }), below: parent, #"POST /a "b""#, .server,
      began: 1_544_712_660_000_000_000, ended: 1_544_712_661_000_000_001)
    server.attributes = [Span.Attribute("http.request.method", "POST"), Span.Attribute("http.response.status_code", 503)]
    server.isFailed = true
    var consumer = Span(SpanContext(random: { 0x10 }), below: nil, "process t", .consumer, began: 1, ended: 2)
    (consumer.links, consumer.linksLeftOut) = ([parent, other], 3)
    let expected =
      #"{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"mastery-engine"}}]},"#
      + #""scopeSpans":[{"scope":{"name":"mastery-engine"},"spans":["#
      + #"{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","parentSpanId":"eee19b7ec3c1b173","#
      + #""name":"POST /a \"b\"","kind":2,"startTimeUnixNano":"1544712660000000000","endTimeUnixNano":"1544712661000000001","#
      + #""attributes":[{"key":"http.request.method","value":{"stringValue":"POST"}},"#
      + #"{"key":"http.response.status_code","value":{"intValue":"503"}}],"status":{"code":2}},"#
      + #"{"traceId":"00000000000000100000000000000010","spanId":"0000000000000010","name":"process t","kind":5,"#
      + #""startTimeUnixNano":"1","endTimeUnixNano":"2","attributes":[],"#
      + #""links":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b173"},"#
      + #"{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7"}],"droppedLinksCount":3}]}]}]}"#
    let body = TraceRequest.body([server, consumer], of: [Span.Attribute("service.name", "mastery-engine")])
    #expect(String(decoding: body, as: UTF8.self) == expected)
  }
}
