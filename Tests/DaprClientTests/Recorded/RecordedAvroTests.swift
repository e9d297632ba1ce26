import DaprClient
import Foundation
import HTTPServer
import Testing

@Suite("Publishing in Avro, as recorded from the real sidecar")
struct RecordedAvroTests {
  /// Those of the recorded publishes that ask for Avro in the way that this client does.
  private static let asked = RecordedExchange.recorded("avro-publish").filter { exchange in
    guard let query = URLComponents(string: exchange.target)?.queryItems, exchange.request.header("content-type") == "application/json"
    else { return false }
    return query.prefix(2).map(\.name) == ["metadata.rawPayload", "metadata.valueSchemaType"]
      && query.prefix(2).map(\.value) == ["true", "Avro"] && query.dropFirst(2).allSatisfy { $0.name == "metadata.partitionKey" }
  }
  private static let singly = asked.filter { $0.target.hasPrefix("/v1.0/") }
  /// Without those whose events are text.
  private static let together = asked.filter { $0.target.hasPrefix("/v1.0-alpha1/") && !$0.name.contains("string-event") }

  @Test("Most of the recorded publishes in Avro are requests that this client makes")
  func coverage() {
    #expect(RecordedExchange.recorded("avro-publish").count == 97)
    #expect(Self.singly.count == 76 && Self.together.count == 5)
  }

  private static func topic(_ exchange: RecordedExchange) -> (component: String, name: String) {
    let parts = exchange.target.split(separator: "?")[0].split(separator: "/")
    return (String(parts[parts.count - 2]), String(parts[parts.count - 1]))
  }

  private static func double(_ exchange: RecordedExchange) throws -> SidecarDouble {
    let (component, topic) = topic(exchange)
    let fields = exchange.response.headers.filter { $0[0] == "Content-Type" }.map { HTTPField($0[0], $0[1]) }
    let answer = HTTPResponse(status: exchange.status, fields: fields, body: Array((exchange.response.body ?? "").utf8))
    return try SidecarDouble(broker: broker(component, topic)) { _ in answer }
  }

  private static func broker(_ component: String, _ topic: String) -> BrokerComponents {
    BrokerComponents(shared: "other", own: "other", ownTopics: [], avro: AvroTopics(component: component, topics: [topic]))
  }

  @Test("A single publish in Avro is requested as recorded, and ends as recorded", arguments: singly)
  func single(_ exchange: RecordedExchange) async throws {
    let double = try Self.double(exchange)
    let key = URLComponents(string: exchange.target)?.queryItems?.first { $0.name == "metadata.partitionKey" }?.value
    let body = exchange.request.body ?? ""
    let event = OutgoingEvent(body: Array(body.utf8), contentType: "application/cloudevents+json", partitionKey: key)
    let failure = await failure { () async throws(SidecarFailure) in
      try await double.client.publish(event, to: Self.topic(exchange).name, context: patient)
    }
    let request = try #require(double.requests.first)
    #expect(request.head.target == exchange.target && request.head.header("content-type") == "application/json")
    // The sidecar refuses half a surrogate, so it is not sent.
    #expect(String(decoding: request.body, as: UTF8.self) == body.replacing(#"a\ud800b"#, with: #"a\ufffdb"#))
    #expect((failure == nil) == (exchange.status == 204))
    await double.end()
  }

  @Test("A bulk publish in Avro is requested as recorded, and ends as recorded", arguments: together)
  func bulk(_ exchange: RecordedExchange) async throws {
    let double = try Self.double(exchange)
    let entries = try #require(jsonValue(exchange.request.body) as? [[String: Any]])
    let events = entries.map { entry in
      OutgoingEvent(
        body: jsonBytes(entry["event"] ?? NSNull()), contentType: "application/cloudevents+json",
        partitionKey: (entry["metadata"] as? [String: String])?["partitionKey"])
    }
    // The recorded answers name the recorded ids, which this client numbers in its own way.
    _ = try? await double.client.publish(events, to: Self.topic(exchange).name, context: patient)
    let request = try #require(double.requests.first)
    #expect(request.head.target == exchange.target)
    let sent = try #require(jsonValue(String(decoding: request.body, as: UTF8.self)) as? [[String: Any]])
    func unnumbered(_ entries: [[String: Any]]) -> [[String: Any]] { entries.map { $0.filter { $0.key != "entryId" } } }
    #expect(isSameJSON(unnumbered(sent), unnumbered(entries)))
    await double.end()
  }

  // MARK: One bad event in a bulk

  /// The text of a recorded failure.
  private static func message(_ name: String) throws -> String {
    let body = try #require(RecordedExchange.recorded("avro-publish").first { $0.name == name }?.response.body)
    return try #require((jsonValue(body) as? [String: Any])?["message"] as? String)
  }

  /// A sidecar that refuses each bulk, and of single events those that are named.
  private static func choosy(_ refused: Set<Int>, because message: String) throws -> SidecarDouble {
    try SidecarDouble(broker: broker("kafka", "t")) { request in
      let body = jsonValue(String(decoding: request.body, as: UTF8.self))
      if let entries = body as? [[String: Any]] {
        let failed = entries.compactMap { ($0["entryId"] as? String).map { ["entryId": $0, "error": message] } }
        return json(500, ["failedEntries": failed, "errorCode": "ERR_PUBSUB_PUBLISH_MESSAGE"])
      }
      let number = (body as? [String: Any])?["n"] as? Int ?? -1
      guard refused.contains(number) else { return HTTPResponse(status: 204) }
      return json(500, ["errorCode": "ERR_PUBSUB_PUBLISH_MESSAGE", "message": message])
    }
  }

  private static func json(_ status: Int, _ body: [String: Any]) -> HTTPResponse {
    HTTPResponse(status: status, fields: [HTTPField("Content-Type", "application/json")], body: jsonBytes(body))
  }

  private static func events(_ count: Int) -> [OutgoingEvent] {
    (0..<count).map {
      OutgoingEvent(body: Array(#"{"n":\#($0)}"#.utf8), contentType: "application/cloudevents+json", partitionKey: "s\($0)")
    }
  }

  @Test("Where a bulk in Avro fails as a whole, its events are published singly, and only those that do not fit have failed")
  func oneBad() async throws {
    let double = try Self.choosy([0, 2], because: try Self.message("avro-publish/std/required-missing"))
    #expect(try await double.client.publish(Self.events(5), to: "t", context: patient) == [0, 2])
    let query = "metadata.rawPayload=true&metadata.valueSchemaType=Avro"
    #expect(
      double.requests.map(\.head.target)
        == ["/v1.0-alpha1/publish/bulk/kafka/t?\(query)"] + (0..<5).map { "/v1.0/publish/kafka/t?\(query)&metadata.partitionKey=s\($0)" })
    await double.end()
  }

  @Test("While the registry is down no event is tried after the first one", arguments: [0, 3])
  func registryDown(first: Int) async throws {
    let double = try Self.choosy(Set(first..<9), because: try Self.message("avro-publish/registry-down-unknown"))
    #expect(try await double.client.publish(Self.events(9), to: "t", context: patient) == Array(first..<9))
    #expect(double.requests.count == 2 + first)
    await double.end()
  }

  @Test("Where none of the first 16 events fits the schema, no other is tried")
  func noneFits() async throws {
    let message = try Self.message("avro-publish/cache/kafka-v2-after-3s")
    let double = try Self.choosy(Set(0..<40), because: message)
    #expect(try await double.client.publish(Self.events(40), to: "t", context: patient) == Array(0..<40))
    #expect(double.requests.count == 17)
    await double.end()
    // One that fits shows that it is not the schema.
    let other = try Self.choosy(Set(0..<40).subtracting([15]), because: message)
    #expect(try await other.client.publish(Self.events(40), to: "t", context: patient) == (0..<40).filter { $0 != 15 })
    #expect(other.requests.count == 41)
    await other.end()
  }

  @Test("A single event in a bulk is not tried again, nor are the events of which the broker took some")
  func someTaken() async throws {
    let double = try Self.choosy([], because: "cannot decode textual record")
    #expect(try await double.client.publish(Self.events(1), to: "t", context: patient) == [0])
    #expect(double.requests.count == 1)
    await double.end()
    let some = try SidecarDouble(broker: Self.broker("kafka", "t")) { _ in
      Self.json(500, ["failedEntries": [["entryId": "1", "error": "too large"]]])
    }
    #expect(try await some.client.publish(Self.events(3), to: "t", context: patient) == [1])
    #expect(some.requests.count == 1)
    await some.end()
  }

  @Test("Other topics go through their own components as they are, and so does a probe through the component of Avro")
  func others() async throws {
    let double = try SidecarDouble(broker: Self.broker("kafka", "t")) { _ in HTTPResponse(status: 204) }
    let event = OutgoingEvent(body: Array(#"{"a":"\ud800"}"#.utf8), contentType: "application/cloudevents+json", partitionKey: nil)
    try await double.client.publish(event, to: "u", context: patient)
    #expect(try await double.client.publish([event], to: "u", context: patient).isEmpty)
    try await double.client.publish(event, to: "probe", through: "kafka", context: patient)
    #expect(
      double.requests.map(\.head.target) == ["/v1.0/publish/other/u", "/v1.0-alpha1/publish/bulk/other/u", "/v1.0/publish/kafka/probe"])
    #expect(double.requests.first?.body == event.body)
    await double.end()
  }
}
