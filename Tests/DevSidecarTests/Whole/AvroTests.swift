import DevSidecar
import Foundation
import HTTPClient
import HTTPServer
import Testing

/// Avro from a publisher to the app, by the schemas of a registry.
@Suite("Avro through the sidecar")
struct AvroTests {
  private static let quiz = """
    {"event_id":"q-1","event_type":"quiz.completed","timestamp":1772600767000,"student_id":"s1","course_id":"c1","total_questions":10,\
    "correct_answers":8,"time_spent":0.5}
    """

  private static func kafka(_ url: String, _ more: [String: String] = [:]) -> [String: String] {
    let metadata = ["brokers": "localhost:9092", "partitions": "1", "schemaRegistryURL": url].merging(more) { $1 }
    return ["kafka.yaml": Rig.component("kafka", "pubsub.kafka", metadata)]
  }

  private static func json(_ text: String) -> NSObject? {
    (try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)) as? NSObject
  }

  private static func call(_ client: HTTPClient, _ method: String, _ url: String, _ body: String? = nil) async throws -> HTTPAnswer {
    try await client.send(HTTPCall(method, url, body: body.map { Array($0.utf8) }, deadline: 120_000))
  }

  @Test("A schema is registered over HTTP, and events published by it reach the app as JSON, single and bulk")
  func whole() async throws {
    let registry = try DevSchemaRegistry(port: 0)
    let app = ScriptedApp(
      subscriptions: """
        [{"pubsubname":"kafka","topic":"one","route":"/one","metadata":{"valueSchemaType":"Avro"}},
         {"pubsubname":"kafka","topic":"many","route":"/many","metadata":{"valueSchemaType":"Avro"},
          "bulkSubscribe":{"enabled":true,"maxMessagesCount":2,"maxAwaitDurationMs":600000}}]
        """
    ) { call, _ in
      call.path == "/one"
        ? .text(#"{"status":"SUCCESS"}"#)
        : .text(#"{"statuses":[{"entryId":"0","status":"SUCCESS"},{"entryId":"1","status":"SUCCESS"}]}"#)
    }
    let url = "http://127.0.0.1:\(registry.port)"
    let rig = try await Rig(app: app, files: Self.kafka(url))
    let schema = try String(decoding: JSONSerialization.data(withJSONObject: ["schema": AvroMessage.named("quiz").schema]), as: UTF8.self)
    for topic in ["one", "many"] {
      let answer = try await Self.call(rig.client, "POST", "\(url)/subjects/\(topic)-value/versions", schema)
      #expect(answer.status == 200 && answer.text == #"{"id":1}"#)
    }
    let query = "?metadata.rawPayload=true&metadata.valueSchemaType=Avro"
    let json = [(name: "content-type", value: "application/json")]
    #expect(try await rig.call("POST", "/v1.0/publish/kafka/one\(query)", Self.quiz, headers: json).status == 204)
    let bulk = ["1", "2"].map {
      #"{"entryId":"\#($0)","event":\#(Self.quiz),"contentType":"application/json","metadata":{"partitionKey":"k"}}"#
    }
    #expect(try await rig.call("POST", "/v1.0-alpha1/publish/bulk/kafka/many\(query)", "[\(bulk.joined(separator: ","))]").status == 204)
    await rig.sidecar.idle()
    let one = try #require(app.calls.first { $0.path == "/one" })
    #expect(Self.json(one.text) == Self.json(Self.quiz))
    #expect(one.head.header("content-type") == "application/cloudevents+json" && one.head.header("valueschematype") == "Avro")
    let many = try #require(app.calls.first { $0.path == "/many" })
    let entries = (try JSONSerialization.jsonObject(with: Data(many.body)) as? [String: Any])?["entries"] as? [[String: Any]]
    #expect(entries?.compactMap { $0["event"] as? NSObject } == [Self.json(Self.quiz), Self.json(Self.quiz)].compactMap { $0 })
    let metadata = try await rig.call("GET", "/v1.0/metadata").text
    #expect(metadata.contains(#""topic":"one","metadata":{"valueSchemaType":"Avro"},"rules":"#))
    await rig.stop()
    await registry.stop(within: .seconds(5))
  }

  @Test("A message with a schema that the registry does not have yet waits, and comes once it is registered; known ones need no registry")
  func late() async throws {
    let registry = try TestRegistry()
    let notes = Notes()
    let app = ScriptedApp(subscriptions: #"[{"pubsubname":"kafka","topic":"t","route":"/t","metadata":{"valueSchemaType":"Avro"}}]"#)
    let files = Self.kafka(registry.url, ["backOffDuration": "5ms"])
    let rig = try await Rig(app: app, files: files) { $0.onNote = { notes.add($0) } }
    func produce(_ message: AvroMessage) async throws {
      let url = "http://127.0.0.1:\(rig.sidecar.port)/v1.0/publish/kafka/t?metadata.rawPayload=true"
      #expect(try await rig.client.send(HTTPCall("POST", url, body: message.bytes, deadline: 120_000)).status == 204)
    }
    let (quiz, nested) = (try AvroMessage.named("quiz"), try AvroMessage.named("nested"))
    try await produce(quiz)
    await notes.heard(2)
    #expect(notes.all[0].contains(#"{"error_code": 40403"#) && app.calls.isEmpty)
    registry.add([quiz])
    await rig.sidecar.idle()
    #expect(app.calls.count == 1)
    await registry.stop()
    try await produce(quiz)
    await rig.sidecar.idle()
    let before = notes.all.count
    try await produce(nested)
    await notes.heard(before + 1)
    #expect(
      notes.all[before]
        == "kafka: a message of t cannot be read: Get \"\(registry.url)/schemas/ids/104\": dial tcp 127.0.0.1:\(registry.port): connect: connection refused"
    )
    registry.add([nested])
    try registry.start()
    await rig.sidecar.idle()
    #expect(app.calls.count == 3)
    await rig.stop()
    await registry.stop()
  }

  @Test("Without a cache the registry is asked for each event, and without a registry none is read")
  func uncached() async throws {
    let registry = try TestRegistry()
    let quiz = try AvroMessage.named("quiz")
    registry.add([quiz])
    let app = ScriptedApp(
      subscriptions: """
        [{"pubsubname":"kafka","topic":"t","route":"/t","metadata":{"valueSchemaType":"Avro"}},
         {"pubsubname":"bare","topic":"t","route":"/bare","metadata":{"valueSchemaType":"Avro"}},
         {"pubsubname":"kafka","topic":"odd","route":"/odd","metadata":{"valueSchemaType":"Protobuf"}}]
        """)
    let notes = Notes()
    let bare = ["bare.yaml": Rig.component("bare", "pubsub.kafka", ["brokers": "elsewhere", "consumeRetryEnabled": "false"])]
    let files = Self.kafka(registry.url, ["schemaCachingEnabled": "false"]).merging(bare) { $1 }
    let rig = try await Rig(app: app, files: files) { $0.onNote = { notes.add($0) } }
    for (pubsub, topic) in [("kafka", "t"), ("kafka", "t"), ("kafka", "t"), ("bare", "t"), ("kafka", "odd")] {
      let url = "http://127.0.0.1:\(rig.sidecar.port)/v1.0/publish/\(pubsub)/\(topic)?metadata.rawPayload=true"
      #expect(try await rig.client.send(HTTPCall("POST", url, body: quiz.bytes, deadline: 120_000)).status == 204)
    }
    await rig.sidecar.idle()
    #expect(registry.targets == Array(repeating: "/schemas/ids/103", count: 3))
    #expect(app.calls.map(\.path) == ["/t", "/t", "/t"])
    #expect(notes.all == ["bare: a message of t cannot be read: schema registry details not set"])
    await rig.stop()
    await registry.stop()
  }

  @Test(
    "A registry's answer that is no schema is refused with what it must be",
    arguments: [
      ("[", 200, "the registry's answer must be JSON: "), ("{}", 200, #"the registry's answer must have the number "id""#),
      (#"{"id":1}"#, 200, #"the registry's answer must have the text "schema""#),
      (#"{"id":1,"schema":"7"}"#, 200, "a type must be a name, an object or a list"),
      (#"{"id":1,"schema":"{}","schemaType":"JSON"}"#, 200, "the schema must be of type AVRO, got JSON"),
      ("down for repair", 503, "the registry answered 503"),
    ])
  func wrongAnswers(answer: String, status: Int, why: String) async throws {
    let wrong = ScriptedApp(subscriptions: "[]") { _, _ in .text(answer, status: status) }
    let server = try HTTPServer(HTTPServerSettings(host: "127.0.0.1", port: 0), application: wrong)
    let rig = try await Rig(files: Self.kafka("http://127.0.0.1:\(server.port)"))
    let refused = try await rig.call("POST", "/v1.0/publish/kafka/t?metadata.rawPayload=true&metadata.valueSchemaType=Avro", "{}")
    #expect(refused.status == 500)
    let message = (Self.json(refused.text) as? [String: Any])?["message"] as? String ?? ""
    #expect(message.hasPrefix("error when publishing to topic t in pubsub kafka: \(why)"), "\(message)")
    await rig.stop()
    await server.stop(within: .seconds(1))
  }

  @Test("A registry that asks for a name and a password gets them from Kubernetes' secrets")
  func credentials() async throws {
    let registry = try TestRegistry()
    let quiz = try AvroMessage.named("quiz")
    registry.add(quiz.id, quiz.schema, subject: "t-value")
    let file = """
      kind: Component
      metadata: {name: kafka}
      spec:
        type: pubsub.kafka
        metadata:
          - {name: schemaRegistryURL, value: "\(registry.url)"}
          - {name: schemaRegistryAPIKey, value: user}
          - {name: schemaRegistryAPISecret, secretKeyRef: {name: password, key: password}}
      auth: {secretStore: file}
      """
    let files = [
      "kafka.yaml": file, "file.yaml": Rig.component("file", "secretstores.local.file", ["secretsFile": "file.json"]),
      "file.json": #"{"password":"geheim"}"#,
    ]
    let rig = try await Rig(files: files)
    let body = #"{"event_id":"q","event_type":"e","timestamp":1,"student_id":"s","total_questions":1,"correct_answers":1}"#
    let answer = try await rig.call("POST", "/v1.0/publish/kafka/t?metadata.rawPayload=true&metadata.valueSchemaType=Avro", body)
    #expect(answer.status == 204)
    // RFC 7617: the base64 of user:geheim.
    #expect(registry.authorizations == ["Basic dXNlcjpnZWhlaW0="])
    await rig.stop()
    await registry.stop()
  }
}
