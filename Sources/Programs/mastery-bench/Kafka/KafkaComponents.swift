import Glibc

/// Component files like production's: components of the same brokers, a store, and deliveries retried without limit; in a folder that
/// lives as long as this value.
final class KafkaComponents {
  let folder: String

  /// Writes them.
  ///
  /// - Parameters:
  ///   - store: The store.
  ///   - layout: How topics are spread over components.
  /// - Throws: `BenchFailure` if there is no room for them.
  init(_ store: KafkaBench.Store, _ layout: BrokerLayout) throws(BenchFailure) {
    var template = Array("/tmp/mastery-bench.XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw BenchFailure("there is no room for a temporary folder") }
    folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    for (name, text) in Self.files(store, layout) {
      let descriptor = open("\(folder)/\(name)", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
      let bytes = Array(text.utf8)
      let written = write(descriptor, bytes, bytes.count)
      close(descriptor)
      guard written == bytes.count else { throw BenchFailure("\(folder) cannot be written") }
    }
  }

  deinit {
    for name in Self.files(.redis, .shared).map(\.name) { unlink("\(folder)/\(name)") }
    rmdir(folder)
  }

  private static func files(_ store: KafkaBench.Store, _ layout: BrokerLayout) -> [(name: String, text: String)] {
    let kafka = layout.components.map { component($0, "pubsub.kafka", "    - {name: brokers, value: \"kafka:9092\"}") }
    let key = "    - {name: primaryEncryptionKey, secretKeyRef: {name: key-one, key: key-one}}\nauth: {secretStore: secretstore}"
    return [
      ("pubsub.yaml", kafka.joined(separator: "---\n")),
      ("statestore.yaml", component("statestore", "state.\(store.profile)", store == .encryptedRedis ? key : "    []")),
      ("secretstore.yaml", component("secretstore", "secretstores.local.file", "    - {name: secretsFile, value: secrets.json}")),
      (
        "secrets.json", #"{"key-one":"\#(String(repeating: "0f", count: 16))","jwt-secret":"a secret of the bench, as long as it must be"}"#
      ),
      ("resiliency.yaml", resiliency(layout)),
    ]
  }

  private static func component(_ name: String, _ type: String, _ metadata: String) -> String {
    "kind: Component\nmetadata: {name: \(name)}\nspec:\n  type: \(type)\n  version: v1\n  metadata:\n\(metadata)\n"
  }

  private static func resiliency(_ layout: BrokerLayout) -> String {
    let targets = layout.components.map { "      \($0): {inbound: {retry: patient}}" }
    return """
      kind: Resiliency
      spec:
        policies:
          retries:
            patient: {policy: exponential, duration: 500ms, maxInterval: 2s, maxRetries: -1}
        targets:
          components:

      """ + targets.joined(separator: "\n") + "\n"
  }
}
