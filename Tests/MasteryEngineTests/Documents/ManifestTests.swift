import DaprClient
import Foundation
import Testing
import WireTesting

@testable import MasteryService

@Suite("The manifests, the service and each other")
struct ManifestTests {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  static let appID = "mastery-engine"

  func documents(_ path: String) throws -> [YAML] {
    try YAML.documents(try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8))
  }

  func document(_ path: String) throws -> YAML {
    let documents = try documents(path)
    #expect(documents.count == 1)
    return try #require(documents.first)
  }

  /// The settings of the ConfigMap.
  func configuration() throws -> Configuration {
    let data = try #require(try document("k8s/configmap.yaml")["data"]).members.compactMapValues(\.text)
    return try Configuration(environment: data)
  }

  /// A component's metadata by name.
  func metadata(_ component: YAML) throws -> [String: String] {
    let entries = try #require(component["spec"]?["metadata"]).elements
    return Dictionary(uniqueKeysWithValues: entries.compactMap { entry in entry["name"]?.text.map { ($0, entry["value"]?.text ?? "") } })
  }

  private func topics(_ text: String?) -> Set<String> { Set((text ?? "").split(separator: ",").map(String.init)) }

  /// The engine's entry in a scope, which must have no other.
  func scope(_ text: String?) throws -> Set<String> {
    let parts = try #require(text).split(separator: "=")
    try #require(parts.count == 2 && parts[0] == Self.appID)
    return topics(String(parts[1]))
  }

  private static let brokers = ["components/production", "components/production-redis"]

  @Test("The components are those that the settings name, each with its own consumer group per app", arguments: brokers)
  func groups(folder: String) throws {
    let configuration = try configuration()
    let (shared, own) = (try document("\(folder)/pubsub.yaml"), try document("\(folder)/pubsub-own.yaml"))
    #expect(shared["metadata"]?["name"]?.text == configuration.pubsub)
    #expect(own["metadata"]?["name"]?.text == configuration.ownPubsub)
    #expect(shared["spec"]?["type"] == own["spec"]?["type"])
    func groups(_ component: YAML) throws -> [String] {
      let metadata = try metadata(component)
      return ["consumerGroup", "consumerID"].compactMap { metadata[$0] }
    }
    #expect(try groups(shared) == ["{appID}"])
    let group = try #require(try groups(own).first)
    #expect(group != "{appID}" && group.contains("{appID}"))
    // The brokers are the same, and the engine's own component is visible to no other app.
    for name in ["brokers", "redisHost", "authType"] { #expect(try metadata(shared)[name] == metadata(own)[name]) }
    #expect(own["scopes"]?.elements.map(\.text) == [Self.appID])
    #expect(shared["scopes"] == nil)
  }

  @Test("The scopes let the engine publish and subscribe to its own topics and no more, and protect its private ones", arguments: brokers)
  func scopes(folder: String) throws {
    let configuration = try configuration()
    let subscriptions = Subscriptions(configuration).all
    let published = Set(configuration.eventTopics + Topic.reserved)
    for name in [configuration.pubsub, configuration.broker.own] {
      let metadata = try metadata(try document("\(folder)/\(name).yaml"))
      let own = subscriptions.filter { $0.component == name }
      #expect(try scope(metadata["subscriptionScopes"]) == Set(own.map(\.topic)))
      // The sidecar's dead letters use the component that delivered them.
      let letters = Set(own.compactMap(\.row.deadLetterTopic))
      let due = published.filter { configuration.broker.component(of: $0) == name }.union(letters)
      #expect(try scope(metadata["publishingScopes"]) == due)
    }
    // Through the shared component, other apps reach the own component's topics too: the brokers are the same.
    let shared = try metadata(try document("\(folder)/pubsub.yaml"))
    #expect(topics(shared["protectedTopics"]) == Set(Topic.reserved))
    let own = try metadata(try document("\(folder)/pubsub-own.yaml"))
    #expect(topics(own["protectedTopics"]) == (try scope(own["publishingScopes"])))
  }

  /// The settings of the ConfigMap, with those that its comments offer under names that begin so.
  func offered(_ prefix: String) throws -> Configuration {
    let text = try String(contentsOf: Self.root.appendingPathComponent("k8s/configmap.yaml"), encoding: .utf8)
    var data = try #require(try document("k8s/configmap.yaml")["data"]).members.compactMapValues(\.text)
    let offered = text.split(separator: "\n").compactMap { try? /[ ]{2}# ([A-Z]+_\w+): "?(.*?)"?/.wholeMatch(in: $0)?.output }
    for (_, name, value) in offered where name.hasPrefix(prefix) { data[String(name)] = String(value) }
    return try Configuration(environment: data)
  }

  @Test("Each event topic has a component of its own that is like the shared one, and that lets the engine do what it does through it")
  func perTopic() throws {
    let configuration = try offered("EVENT_")
    #expect(Set(configuration.eventPubsubs.keys) == Set(configuration.eventTopics))
    #expect(Set(configuration.eventPubsubs.values).count == configuration.eventTopics.count)
    #expect(configuration.eventBatchWait == 200)
    let shared = try document("components/production/pubsub.yaml")
    let folder = "components/production/kafka-per-topic"
    for (topic, name) in configuration.eventPubsubs {
      let component = try document("\(folder)/\(name).yaml")
      #expect(component["metadata"]?["name"]?.text == name && component["spec"]?["type"] == shared["spec"]?["type"])
      #expect(component["scopes"]?.elements.map(\.text) == [Self.appID])
      let (metadata, common) = (try metadata(component), try metadata(shared))
      // The same group goes on where the shared component has been; another one would begin with the oldest event.
      for name in ["brokers", "authType", "consumerGroup", "initialOffset"] { #expect(metadata[name] == common[name], "\(name)") }
      #expect(try scope(metadata["subscriptionScopes"]) == [topic])
      #expect(try scope(metadata["publishingScopes"]) == [topic, Topic.deadLetters, Topic.probe])
    }
    let policy = try document("\(folder)/resiliency.yaml")
    let base = try document("components/production/resiliency.yaml")
    #expect(policy["metadata"]?["name"] != base["metadata"]?["name"], "the one would take the place of the other")
    let targets = try #require(policy["spec"]?["targets"]?["components"]?.members)
    #expect(Set(targets.keys) == Set(configuration.eventPubsubs.values))
    for (name, target) in targets { #expect(target == base["spec"]?["targets"]?["components"]?[configuration.pubsub], "\(name)") }
    for (kind, policies) in policy["spec"]?["policies"]?.members ?? [:] {
      for (name, value) in policies.members { #expect(value == base["spec"]?["policies"]?[kind]?[name], "\(name)") }
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.root.appendingPathComponent(folder).path)
    #expect(Set(files) == Set(configuration.eventPubsubs.values.map { "\($0).yaml" } + ["resiliency.yaml"]))
  }

  @Test("The Redis components hand out a thousand messages at a time")
  func redis() throws {
    for name in ["pubsub", "pubsub-own"] {
      let metadata = try metadata(try document("components/production-redis/\(name).yaml"))
      #expect(metadata["concurrency"] == "1000" && metadata["queueDepth"] == "1000")
    }
  }

  @Test("The policy retries deliveries of all components for ever, at most 2 s apart, and gives calls a timeout", arguments: brokers)
  func resiliency(folder: String) throws {
    let configuration = try configuration()
    let spec = try #require(try document("components/production/resiliency.yaml")["spec"])
    let targets = try #require(spec["targets"]?["components"])
    #expect(Set(targets.members.keys) == [configuration.pubsub, configuration.broker.own, configuration.stateStore])
    // What the engine waits: for a call, and 3 ms longer for each document of the largest save.
    let call = CallContext().deadline
    let save = call + 3 * configuration.eventBatch
    for (name, target) in targets.members {
      let timeout = spec["policies"]?["timeouts"]?[target["outbound"]?["timeout"]?.text ?? ""]
      #expect(timeout?.text == "\(name == configuration.stateStore ? save : call)ms", "\(name)")
      guard name != configuration.stateStore else { continue }
      let retry = spec["policies"]?["retries"]?[target["inbound"]?["retry"]?.text ?? ""]
      #expect(retry?["policy"]?.text == "exponential" && retry?["maxInterval"]?.text == "2s" && retry?["maxRetries"]?.text == "-1")
    }
  }

  @Test("Every topic of the engine is created, and no topic with bulk delivery accepts a message over 128 KiB")
  func topics() throws {
    let configuration = try configuration()
    let listed = try documents("k8s/topics/topics.yaml")
    let names = listed.compactMap { $0["metadata"]?["name"]?.text }
    #expect(Set(names) == Set(configuration.eventTopics + Topic.reserved) && names.count == Set(names).count)
    for topic in listed {
      let name = try #require(topic["metadata"]?["name"]?.text)
      let limit = try #require(topic["spec"]?["config"]?["max.message.bytes"]?.text.flatMap { Int($0) })
      // A dead letter holds 64 KiB of an event as escaped text, up to six times as many bytes.
      let holdsEvents = [Topic.deadLetters, Topic.retry].contains(name)
      #expect(limit == (holdsEvents ? 1 << 20 : 128 << 10), "\(name)")
      if holdsEvents { #expect(Subscriptions(configuration).all.first { $0.topic == name }?.batch == nil) }
    }
  }

  @Test("The command topics creates what the file of topics does, in both forms")
  func topicsCommand() throws {
    let listed = try documents("k8s/topics/topics.yaml")
    let resources = try YAML.documents(try Self.topics("--format", "strimzi"))
    #expect(resources.count == listed.count && Set(resources) == Set(listed))
    let calls = try Self.topics().split(separator: "\n")
    #expect(calls.count == listed.count)
    for topic in listed {
      let (name, spec) = (try #require(topic["metadata"]?["name"]?.text), try #require(topic["spec"]))
      let call = try #require(calls.first { $0.contains(" --topic \(name) ") })
      #expect(call.contains(" --partitions \(try #require(spec["partitions"]?.text)) "))
      #expect(call.contains(" --replication-factor \(try #require(spec["replicas"]?.text)) "))
      for (name, value) in try #require(spec["config"]).members {
        #expect(call.contains(" --config \(name)=\(try #require(value.text))"))
      }
      #expect(!call.contains("compact"))
    }
  }

  /// What the command prints.
  private static func topics(_ arguments: String...) throws -> String {
    let process = Process()
    process.executableURL = try builtProgram("mastery-engine")
    process.arguments = ["topics"] + arguments
    process.environment = ["PATH": "/usr/bin:/bin"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return text
  }

  /// The pod of the Deployment.
  func pod(_ path: String = "k8s/deployment.yaml") throws -> YAML { try #require(try document(path)["spec"]?["template"]) }

  @Test("The pod sets resources for the service and for its sidecar")
  func resources() throws {
    let pod = try pod()
    let annotations = try #require(pod["metadata"]?["annotations"])
    for resource in ["cpu", "memory"] {
      for bound in ["request", "limit"] {
        #expect(annotations["dapr.io/sidecar-\(resource)-\(bound)"]?.text?.isEmpty == false)
        #expect(pod["spec"]?["containers"]?[0]?["resources"]?["\(bound)s"]?[resource]?.text?.isEmpty == false)
      }
    }
  }

  @Test("The sidecar stays as long as the service works and writes trails, and the pod stays longer than both")
  func shutdown() throws {
    let pod = try pod()
    let annotations = try #require(pod["metadata"]?["annotations"])
    let block = try #require(annotations["dapr.io/block-shutdown-duration"]?.text.flatMap { Int($0.dropLast()) })
    let graceful = try #require(annotations["dapr.io/graceful-shutdown-seconds"]?.text.flatMap { Int($0) })
    let grace = try #require(pod["spec"]?["terminationGracePeriodSeconds"]?.text.flatMap { Int($0) })
    // Requests may run for 20 s, and trails may be written for 5 s after that.
    #expect(block > 25)
    // A sidecar whose app is gone meanwhile, and unhealthy, takes up to 30 s.
    #expect(grace > max(block, 30) + graceful)
  }

  @Test("With TLS every probe and the sidecar use it, and the certificate comes from a mounted secret")
  func tls() throws {
    let (plain, patch) = (try pod(), try pod("k8s/tls/deployment.yaml"))
    #expect(plain["metadata"]?["annotations"]?["dapr.io/app-protocol"] == nil, "applied again, it would undo the patch")
    #expect(patch["metadata"]?["annotations"]?["dapr.io/app-protocol"]?.text == "https")
    let container = try #require(plain["spec"]?["containers"]?[0])
    let name = try #require(container["name"]?.text)
    let changed = try #require(patch["spec"]?["containers"]?.named(name))
    let probes = container.members.filter { $0.value["httpGet"] != nil }.keys
    #expect(Set(probes) == ["startupProbe", "livenessProbe", "readinessProbe"])
    for probe in probes { #expect(changed[probe]?["httpGet"]?["scheme"]?.text == "HTTPS") }
    let mount = try #require(changed["volumeMounts"]?[0])
    let (folder, volumeName) = (try #require(mount["mountPath"]?.text), try #require(mount["name"]?.text))
    for setting in ["TLS_CERTIFICATE", "TLS_PRIVATE_KEY"] {
      let path = try #require(changed["env"]?.named(setting)?["value"]?.text)
      #expect(path.hasPrefix(folder + "/"))
      #expect(container["env"]?.named(setting) == nil)
    }
    let volume = try #require(patch["spec"]?["volumes"]?.named(volumeName))
    #expect(volume["secret"]?["secretName"]?.text == "mastery-engine-tls")
    let deployment = try document("k8s/deployment.yaml")
    #expect(try document("k8s/tls/deployment.yaml")["metadata"]?["name"] == deployment["metadata"]?["name"])
  }

  @Test("No port of the pods is open to the whole cluster")
  func network() throws {
    let policy = try #require(try document("k8s/networkpolicy.yaml")["spec"])
    let labels = try #require(try pod()["metadata"]?["labels"])
    #expect(policy["podSelector"]?["matchLabels"] == labels)
    #expect(policy["policyTypes"]?.elements.contains(.scalar("Ingress")) == true)
    let port = try configuration().port
    var reaches = 0
    for rule in policy["ingress"]?.elements ?? [] {
      #expect(rule["from"]?.elements.isEmpty == false && rule["ports"]?.elements.isEmpty == false)
      guard rule["ports"]?.elements.contains(where: { $0["port"]?.text == "\(port)" }) == true else { continue }
      reaches += 1
      for source in rule["from"]?.elements ?? [] {
        let selector = source["podSelector"] ?? source["namespaceSelector"]
        #expect(selector?["matchLabels"]?.members.isEmpty == false)
      }
    }
    #expect(reaches == 2)
    let annotations = try #require(try pod()["metadata"]?["annotations"])
    #expect(annotations["prometheus.io/path"]?.text == "/metrics" && annotations["prometheus.io/port"]?.text == "\(port)")
    let service = try document("k8s/service.yaml")
    #expect(service["metadata"]?["annotations"] == nil)
  }
}
