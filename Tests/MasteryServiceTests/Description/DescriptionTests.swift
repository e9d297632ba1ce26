import Foundation
import HTTPServer
import JSON
import Schemas
import Testing

@testable import MasteryService

@Suite("The documents about the service")
struct DescriptionTests {
  @Test("Each intent's example is answered as it is declared, and the answer has the declared members and no other")
  func answers() async throws {
    let sample = await SampleSchool.course()
    for intent in IntentTable.standard.all {
      let declaration = intent.declaration
      let exchange = try #require(sample.exchanges[declaration.name], "\(declaration.name)")
      let answer = try #require(declaration.answers.first { $0.status == exchange.status }, "\(declaration.name): \(exchange.status)")
      let faults = try JSONDocument.parse(exchange.answer) { (root) throws(Never) -> [String] in
        guard let data = root["data"] else { return ["there is no data"] }
        let meta = root["meta"].map { Schema.object(Envelope.meta.schema).closed.faults(in: $0, at: "meta") } ?? ["there is no meta"]
        return Schema.object(answer.data).closed.faults(in: data, at: "data") + meta
      }
      #expect(faults.isEmpty, "\(declaration.name)")
    }
  }

  @Test("An event of each kind that is published has the declared members and no other")
  func events() async throws {
    let sample = await SampleSchool.course()
    for event in PublishedEvents.all {
      let text = try #require(sample.events[event.type], "\(event.type)")
      let faults = try JSONDocument.parse(text) { (root) throws(Never) -> [String] in
        root["data"].map { Schema.object(event.data).closed.faults(in: $0, at: "data") } ?? ["there is no data"]
      }
      #expect(faults.isEmpty, "\(event.type)")
    }
  }

  @Test("The sample is the same whenever it is made")
  func same() async {
    let (first, second) = (await SampleSchool.course(), await SampleSchool.course())
    #expect(first.exchanges.mapValues(\.answer) == second.exchanges.mapValues(\.answer))
    #expect(first.events == second.events)
  }

  /// All references in a document, and whether each leads somewhere.
  private static func references(in text: [UInt8]) throws -> [(reference: String, isGood: Bool)] {
    try JSONDocument.parse(text) { (root) throws(Never) in
      var found: [String] = []
      func visit(_ value: JSONValue) {
        switch value.kind {
        case .object:
          for (key, member) in value.members {
            if key.matches("$ref"), let reference = member.string { found.append(reference) } else { visit(member) }
          }
        case .array: for element in value.elements { visit(element) }
        default: break
        }
      }
      visit(root)
      return found.map { reference in
        var value: JSONValue? = root
        for step in reference.dropFirst(2).split(separator: "/") { value = value?[named: String(step)] }
        return (reference, reference.hasPrefix("#/") && value != nil)
      }
    }
  }

  @Test("Every reference in a document leads somewhere")
  func references() async throws {
    let documents = ServiceDocuments(Configuration())
    for document in [await documents.openAPI, await documents.asyncAPI] {
      let references = try Self.references(in: document)
      #expect(references.count > 50)
      #expect(references.filter { !$0.isGood }.map(\.reference).isEmpty)
    }
  }

  @Test("The description of a topic says whether its messages are in Avro")
  func avro() async throws {
    var configuration = Configuration()
    (configuration.avroTopics, configuration.avroPubsub) = (["learning.quiz", "mastery.results"], "pubsub-avro")
    let channels = try #require(try ReadJSON.object(await ServiceDocuments(configuration).asyncAPI)["channels"] as? [String: [String: Any]])
    for (name, channel) in channels {
      let topic = try #require(channel["address"] as? String)
      let isNamed = (channel["description"] as? String)?.contains("the schema of the subject \(topic)-value") ?? false
      #expect(isNamed == configuration.avroTopics.contains(topic), "\(name)")
    }
  }

  @Test("Every route is in the document, with its methods")
  func routes() async throws {
    let document = await ServiceDocuments(Configuration()).openAPI
    let paths = try JSONDocument.parse(document) { (root) throws(Never) -> [String: Set<String>] in
      var paths: [String: Set<String>] = [:]
      guard let found = root["paths"] else { return [:] }
      for (path, operations) in found.members { paths[path.string] = Set(operations.members.map { $0.key.string.uppercased() }) }
      return paths
    }
    var expected: [String: Set<String>] = [:]
    for declaration in IntentTable.standard.declarations { expected[declaration.path, default: []].insert(declaration.method) }
    for path in [
      "/health", "/healthz", "/ready", "/metrics", "/", "/openapi.json", "/asyncapi.json", "/docs", "/dapr/subscribe", "/dapr/config",
    ] {
      expected[path] = ["GET"]
    }
    expected["/process"] = ["POST"]
    expected["/mcp"] = ["POST"]
    expected["/events/{topic}"] = ["POST"]
    #expect(paths == expected)
    for path in expected.keys where !path.contains("{") {
      #expect(Route(path: path[...], subscriptions: Subscriptions(Configuration())) != nil, "\(path)")
    }
  }

  @Test("The documents are served without a token, and the page may load nothing but its own style")
  func served() async throws {
    let stand = Stand { $0.environment = .production }
    for target in ["/openapi.json", "/asyncapi.json", "/docs", "/api/v1/openapi.json"] {
      let response = await stand.ask("GET", target)
      #expect(response.status == 200, "\(target)")
    }
    let page = await stand.ask("GET", "/docs")
    func header(_ name: String) -> String? { page.fields.first { $0.name == name }?.value }
    #expect(header("Content-Type") == "text/html; charset=utf-8")
    let policy = try #require(header("Content-Security-Policy"))
    #expect(policy.hasPrefix("default-src 'none'; style-src 'sha256-") && !policy.contains("unsafe"))
    let html = String(decoding: page.body, as: UTF8.self)
    #expect(!html.contains("<script") && !html.contains("http://") && !html.contains("https://") && !html.contains(" style="))
    for declaration in IntentTable.standard.declarations {
      #expect(html.components(separatedBy: "id=\"\(declaration.name)\"").count == 2, "\(declaration.name)")
    }
  }
}
