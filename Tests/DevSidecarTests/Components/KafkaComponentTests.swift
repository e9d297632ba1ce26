import Testing

@testable import DevSidecar

/// What a Kafka component's file says of schemas and of what is offered again.
@Suite("Kafka components")
struct KafkaComponentTests {
  private static func components(_ metadata: String, auth: String = "") throws(DevSidecarFailure) -> Components {
    var components = Components()
    let text = """
      kind: Component
      metadata: {name: kafka}
      spec:
        type: pubsub.kafka
        metadata:
      \(metadata.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
      \(auth)
      """
    try components.add(Array(text.utf8), file: "kafka.yaml")
    return components
  }

  private static func component(_ metadata: [String: String]) throws -> PubSubComponent {
    let lines = metadata.sorted { $0.key < $1.key }.map { "- {name: \($0.key), value: \"\($0.value)\"}" }
    return try #require(try components(lines.joined(separator: "\n")).pubsubs.first)
  }

  @Test("A consumer offers again every five seconds for ever, or as the component says, or not at all")
  func offers() throws {
    #expect(try Self.component(["brokers": "b"]).offers == RetryPolicy(kind: .constant, pause: 5_000, most: nil))
    let constant = try Self.component(["backOffPolicy": "constant", "backOffDuration": "200ms", "backOffMaxRetries": "2"])
    #expect(constant.offers == RetryPolicy(kind: .constant, pause: 200, most: 2))
    let exponential = try Self.component(["backOffPolicy": "exponential", "backOffInitialInterval": "10ms", "backOffMaxInterval": "1s"])
    #expect(exponential.offers == RetryPolicy(kind: .exponential, pause: 10, longest: 1_000, most: nil))
    #expect(try Self.component(["consumeRetryEnabled": "false"]).offers == nil)
    let plain = try Self.component(["brokers": "b"])
    #expect(!plain.namesBranches && !plain.escapesHeaders)
    let other = try Self.component(["useAvroJSON": "true", "escapeHeaders": "true"])
    #expect(other.namesBranches && other.escapesHeaders)
  }

  @Test(
    "A wrong value is refused by its name",
    arguments: [
      (["backOffPolicy": "linear"], "backOffPolicy must be constant or exponential, got linear"),
      (["backOffDuration": "soon"], "backOffDuration must be a duration like 200ms, 15s or 1m30s, got soon"),
      (["backOffMaxRetries": "few"], "backOffMaxRetries must be a whole number, got few"),
      (["consumeRetryEnabled": "no"], "consumeRetryEnabled must be true or false, got no"),
      (["useAvroJSON": "1"], "useAvroJSON must be true or false, got 1"),
      (["escapeHeaders": "1"], "escapeHeaders must be true or false, got 1"),
    ])
  func wrong(metadata: [String: String], why: String) throws {
    let failure = #expect(throws: DevSidecarFailure.self) { try Self.component(metadata) }
    #expect(failure?.description == "kafka.yaml: spec.metadata.\(why)")
  }

  @Test("A registry's address, credentials and cache are read from the file, and from a secret")
  func registry() throws {
    #expect(try Self.components("- {name: brokers, value: b}").registry(of: "kafka") == nil)
    let plain = try Self.components("- {name: schemaRegistryURL, value: \"http://registry:8081/\"}").registry(of: "kafka")
    #expect(plain == RegistryAddress(url: "http://registry:8081"))
    var components = try Self.components(
      """
      - {name: schemaRegistryURL, value: "https://registry"}
      - {name: schemaRegistryAPIKey, value: user}
      - {name: schemaRegistryAPISecret, secretKeyRef: {name: registry, key: password}}
      - {name: schemaCachingEnabled, value: "false"}
      """, auth: "auth: {secretStore: REGISTRY_TEST}")
    try components.add(
      Array("kind: Component\nmetadata: {name: REGISTRY_TEST}\nspec: {type: secretstores.local.env}".utf8), file: "secrets.yaml")
    let failure = #expect(throws: DevSidecarFailure.self) { try components.registry(of: "kafka") }
    #expect(
      failure?.description
        == "kafka.yaml: spec.metadata.schemaRegistryAPISecret must name a value of a secret of REGISTRY_TEST, got registry and password")
  }

  @Test(
    "A wrong address or cache is refused",
    arguments: [
      ("- {name: schemaRegistryURL, value: \"registry:8081\"}", "schemaRegistryURL must begin with http:// or https://, got registry:8081"),
      ("- {name: schemaRegistryURL}", "schemaRegistryURL must have a value or a secretKeyRef, got neither"),
      (
        "- {name: schemaRegistryURL, value: \"http://r\"}\n- {name: schemaCachingEnabled, value: sometimes}",
        "schemaCachingEnabled must be true or false, got sometimes"
      ),
    ])
  func wrongRegistry(metadata: String, why: String) throws {
    let components = try Self.components(metadata)
    let failure = #expect(throws: DevSidecarFailure.self) { try components.registry(of: "kafka") }
    #expect(failure?.description == "kafka.yaml: spec.metadata.\(why)")
  }
}
