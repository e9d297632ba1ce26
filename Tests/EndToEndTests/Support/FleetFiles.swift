import DaprClient
import DevSidecar
import Foundation
import MasteryService
import Testing
import WireTesting

/// The component files of a fleet, and the matching settings of its processes.
///
/// Published messages are kept, for the test to read.
struct FleetFiles {
  /// The sidecar's options.
  let options: [String]
  /// The engines' settings.
  let environment: [String: String]
  /// The components that a test publishes through.
  var broker = BrokerComponents("pubsub")

  init(_ components: Fleet.Components, in folder: URL) throws {
    let files = folder.appending(path: "components")
    try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
    let shipped = Course.root.appending(path: "components")
    switch components {
    case .development(let profile):
      try Self.copy(shipped.appending(path: "dev"), to: files) {
        $0.replacingOccurrences(of: "duration: 500ms", with: "duration: 50ms")
          .replacingOccurrences(of: "maxInterval: 2s", with: "maxInterval: 500ms")
      }
      (options, environment) = (["--components", files.path, "--profile", profile.rawValue], [:])
    case .production(let broker):
      try Self.copy(shipped.appending(path: "production"), to: files) { $0 }
      if broker == .redis { try Self.copy(shipped.appending(path: "production-redis"), to: files) { $0 } }
      options = try Self.production(files, in: folder)
      environment = ["OWN_PUBSUB_NAME": "pubsub-own"]
    case .perTopic:
      try Self.copy(shipped.appending(path: "production"), to: files) { $0 }
      // Both folders have a policy, and both hold; here the files lie in one folder.
      try Self.copy(shipped.appending(path: "production/kafka-per-topic"), to: files, prefix: "per-topic-") { $0 }
      options = try Self.production(files, in: folder)
      let names = Configuration().eventTopics.map { "\($0)=pubsub-\($0.split(separator: ".").last ?? "")" }
      environment = ["OWN_PUBSUB_NAME": "pubsub-own", "EVENT_PUBSUB_NAMES": names.joined(separator: ",")]
    case .avro(let topics):
      let registryPort = try reservedPort()
      try Self.copy(shipped.appending(path: "production"), to: files) { $0 }
      try Self.copy(shipped.appending(path: "production/kafka-avro"), to: files, prefix: "avro-") {
        $0.replacingOccurrences(of: "http://schema-registry.learnflow.svc.cluster.local:8081", with: "http://127.0.0.1:\(registryPort)")
          .replacingOccurrences(of: "value: 5s", with: "value: 100ms")
      }
      let schemas = try Self.schemas(of: topics, in: folder)
      options = try Self.production(files, in: folder) + ["--schemas", schemas.path, "--schema-port", "\(registryPort)"]
      environment = [
        "OWN_PUBSUB_NAME": "pubsub-own", "AVRO_PUBSUB_NAME": "pubsub-avro", "AVRO_TOPICS": topics.joined(separator: ","),
      ]
      broker = BrokerComponents(
        shared: "pubsub", own: "pubsub", ownTopics: [], avro: AvroTopics(component: "pubsub-avro", topics: Set(topics)))
    }
  }

  /// Writes the engine's own schemas under the subjects of topics.
  ///
  /// - Returns: Their folder.
  private static func schemas(of topics: [String], in folder: URL) throws -> URL {
    let (all, chosen) = (folder.appending(path: "all-schemas"), folder.appending(path: "schemas"))
    let command = try EngineProcess(["schema", "--all", all.path], environment: ["ENVIRONMENT": "development"])
    command.process.waitUntilExit()
    try FileManager.default.createDirectory(at: chosen, withIntermediateDirectories: true)
    let names = ["learning.quiz": "QuizCompleted", "mastery.results": "MasteryUpdatedCloudEvent"]
    for topic in topics {
      let name = try #require(names[topic], "\(command.output)")
      try FileManager.default.copyItem(at: all.appending(path: "\(name).avsc"), to: chosen.appending(path: "\(topic)-value.avsc"))
    }
    return chosen
  }

  /// Makes the secrets that production's files name.
  ///
  /// - Returns: The sidecar's options.
  private static func production(_ files: URL, in folder: URL) throws -> [String] {
    let secrets = folder.appending(path: "secrets")
    for (name, value) in [
      "redis/password": "p", "schema-registry/key": "k", "schema-registry/secret": "s",
      "mastery-engine-state-key-1/key": String(repeating: "4b", count: 32),
    ] {
      let file = secrets.appending(path: name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try value.write(to: file, atomically: true, encoding: .utf8)
    }
    return ["--components", files.path, "--secrets", secrets.path]
  }

  private static func copy(_ source: URL, to folder: URL, prefix: String = "", edit: (String) -> String) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: source.path) where name.hasSuffix(".yaml") || name.hasSuffix(".json") {
      var text = edit(try String(contentsOf: source.appending(path: name), encoding: .utf8))
      if name.hasPrefix("pubsub") {
        text = text.replacingOccurrences(of: "  metadata:\n    -", with: "  metadata:\n    - name: retain\n      value: \"true\"\n    -")
      }
      try text.write(to: folder.appending(path: prefix + name), atomically: true, encoding: .utf8)
    }
  }
}
