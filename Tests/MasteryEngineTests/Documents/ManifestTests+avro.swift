import Foundation
import Testing
import WireTesting

@testable import MasteryService

/// The component of topics in Avro, beside the shared one.
extension ManifestTests {
  @Test("The component of topics in Avro is like the shared one, knows a registry, outlasts its outages, and tries deliveries for ever")
  func avro() throws {
    let configuration = try offered("AVRO_")
    let folder = "components/production/kafka-avro"
    let name = try #require(configuration.avroPubsub)
    let shared = try document("components/production/pubsub.yaml")
    let component = try document("\(folder)/\(name).yaml")
    #expect(component["metadata"]?["name"]?.text == name && component["spec"]?["type"] == shared["spec"]?["type"])
    #expect(component["scopes"]?.elements.map(\.text) == [Self.appID])
    let (metadata, common) = (try metadata(component), try metadata(shared))
    for name in ["brokers", "authType", "consumerGroup", "initialOffset"] { #expect(metadata[name] == common[name], "\(name)") }
    let incoming = configuration.avroTopics.filter(configuration.eventTopics.contains)
    let outgoing = configuration.avroTopics.filter { !incoming.contains($0) }
    #expect(!incoming.isEmpty && !outgoing.isEmpty)
    #expect(try scope(metadata["subscriptionScopes"]) == Set(incoming))
    #expect(try scope(metadata["publishingScopes"]) == Set(outgoing + [Topic.deadLetters, Topic.probe]))
    // By default what cannot be decoded would hold up its partition for ever.
    #expect(metadata["backOffPolicy"] == "constant" && metadata["backOffDuration"] == "5s" && metadata["backOffMaxRetries"] == "2880")
    #expect(metadata["schemaRegistryURL"]?.hasPrefix("http") == true && metadata["useAvroJSON"] == nil)
    let entries = try #require(component["spec"]?["metadata"])
    for secret in ["schemaRegistryAPIKey", "schemaRegistryAPISecret"] {
      #expect(entries.named(secret)?["secretKeyRef"] != nil && component["auth"]?["secretStore"]?.text == "kubernetes")
    }
    let policy = try document("\(folder)/resiliency.yaml")
    let base = try document("components/production/resiliency.yaml")
    #expect(policy["metadata"]?["name"] != base["metadata"]?["name"], "the one would take the place of the other")
    let targets = try #require(policy["spec"]?["targets"]?["components"]?.members)
    #expect(targets == [name: try #require(base["spec"]?["targets"]?["components"]?[configuration.pubsub])])
    for (kind, policies) in policy["spec"]?["policies"]?.members ?? [:] {
      for (name, value) in policies.members { #expect(value == base["spec"]?["policies"]?[kind]?[name], "\(name)") }
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.root.appendingPathComponent(folder).path)
    #expect(Set(files) == ["\(name).yaml", "resiliency.yaml"])
  }
}
