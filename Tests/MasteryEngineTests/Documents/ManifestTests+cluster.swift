import DaprClient
import Foundation
import HTTPServer
import Testing

@testable import MasteryService

/// What Kubernetes, Prometheus and KEDA are told.
extension ManifestTests {
  @Test("Service and sidecar take both tokens from the same secrets")
  func tokens() throws {
    let pod = try pod()
    let annotations = try #require(pod["metadata"]?["annotations"])
    let variables = try #require(pod["spec"]?["containers"]?[0]?["env"])
    for (annotation, variable) in [("app-token-secret", "APP_API_TOKEN"), ("api-token-secret", "DAPR_API_TOKEN")] {
      let secret = try #require(annotations["dapr.io/\(annotation)"]?.text)
      let reference = try #require(variables.named(variable)?["valueFrom"]?["secretKeyRef"])
      // The sidecar reads this member.
      #expect(reference["name"]?.text == secret && reference["key"]?.text == "token")
      #expect(Configuration.settings.contains { $0.name == variable })
    }
  }

  @Test("Each state store is encrypted, and the key is looked for where it is", arguments: ["production", "production-postgresql"])
  func encryption(folder: String) throws {
    let store = try document("components/\(folder)/statestore.yaml")
    let name = try configuration().stateStore
    #expect(store["metadata"]?["name"]?.text == name)
    #expect(store["scopes"]?.elements.map(\.text) == [Self.appID])
    // Without the auth block a key is silently unused.
    #expect(store["auth"]?["secretStore"]?.text == "kubernetes")
    let key = try #require(store["spec"]?["metadata"]?.named("primaryEncryptionKey")?["secretKeyRef"])
    #expect(key["name"]?.text == "mastery-engine-state-key-1" && key["key"]?.text == "key")
  }

  @Test("PostgreSQL waits as long as the policy does")
  func postgreSQL() throws {
    let store = try document("components/production-postgresql/statestore.yaml")
    #expect(store["spec"]?["type"]?.text == "state.postgresql" && store["spec"]?["version"]?.text == "v2")
    let policies = try #require(try document("components/production/resiliency.yaml")["spec"]?["policies"])
    #expect(try metadata(store)["timeout"] == policies["timeouts"]?["store"]?.text)
  }

  @Test("The sidecar alone has a token of Kubernetes, and keeps the secret store without which nothing is encrypted")
  func kubernetesToken() throws {
    let pod = try pod()
    let spec = try #require(pod["spec"])
    let account = try document("k8s/serviceaccount.yaml")
    #expect(spec["serviceAccountName"] == account["metadata"]?["name"])
    #expect(spec["automountServiceAccountToken"]?.text == "false" && account["automountServiceAccountToken"]?.text == "false")
    let annotations = try #require(pod["metadata"]?["annotations"])
    let mount = try #require(annotations["dapr.io/volume-mounts"]?.text).split(separator: ":").map(String.init)
    let sources = try #require(spec["volumes"]?.named(mount[0])?["projected"]?["sources"]).elements
    #expect(mount[1] == "/var/run/secrets/kubernetes.io/serviceaccount")
    #expect(sources.contains { $0["serviceAccountToken"]?["path"]?.text == "token" })
    #expect(spec["containers"]?.elements.allSatisfy { $0["volumeMounts"] == nil } == true)
    #expect(annotations["dapr.io/disable-builtin-k8s-secret-store"] == nil)
  }

  @Test("The image has the version of the service for its tag")
  func image() throws {
    let image = try #require(try pod()["spec"]?["containers"]?[0]?["image"]?.text)
    #expect(image == "learnflow/mastery-engine:\(ServiceVersion.current)")
  }

  @Test("The sidecar takes the headers that the service takes")
  func headers() throws {
    let size = try #require(try pod()["metadata"]?["annotations"]?["dapr.io/read-buffer-size"]?.text)
    let bytes = try #require(size.hasSuffix("Ki") ? Int(size.dropLast(2)) : nil) << 10
    #expect(bytes > HTTPServerSettings(host: "", port: 0).headLimit)
  }

  @Test(
    "Replicas follow the lag of every subscribed topic, in the consumer group that the component has, and are never more than partitions")
  func lag() throws {
    let configuration = try configuration()
    let spec = try #require(try document("k8s/autoscaling/kafka/scaledobject.yaml")["spec"])
    var groups: [String: String] = [:]
    for name in [configuration.pubsub, configuration.broker.own] {
      let metadata = try metadata(try document("components/production/\(name).yaml"))
      groups[name] = metadata["consumerGroup"]?.replacing("{appID}", with: Self.appID)
    }
    let triggers = try #require(spec["triggers"]).elements.filter { $0["type"]?.text == "kafka" }.compactMap { $0["metadata"] }
    let watched = triggers.map { [$0["topic"]?.text, $0["consumerGroup"]?.text] }
    let due = Subscriptions(configuration).all.map { [$0.topic, groups[$0.component]] }
    #expect(Set(watched) == Set(due) && watched.count == due.count)
    let brokers = try metadata(try document("components/production/pubsub.yaml"))["brokers"]
    #expect(triggers.allSatisfy { $0["bootstrapServers"]?.text == brokers })
    let partitions = try documents("k8s/topics/topics.yaml").compactMap { $0["spec"]?["partitions"]?.text.flatMap { Int($0) } }.max()
    let scaler = try #require(try document("k8s/autoscaling/cpu/hpa.yaml")["spec"])
    #expect(spec["maxReplicaCount"]?.text.flatMap { Int($0) } == partitions && scaler["maxReplicas"] == spec["maxReplicaCount"])
    let replicas = try document("k8s/deployment.yaml")["spec"]?["replicas"]
    #expect(spec["minReplicaCount"] == replicas && scaler["minReplicas"] == replicas)
  }

  @Test("Prometheus finds each pod at the port that it serves metrics on")
  func monitoring() throws {
    let monitor = try #require(try document("k8s/monitoring/servicemonitor.yaml")["spec"])
    let service = try document("k8s/monitoring/service.yaml")
    let (pod, gateway) = (try pod(), try document("k8s/service.yaml"))
    #expect(service["spec"]?["selector"] == pod["metadata"]?["labels"] && service["spec"]?["clusterIP"]?.text == "None")
    let wanted = try #require(monitor["selector"]?["matchLabels"]?.members)
    func fits(_ service: YAML) -> Bool { wanted.allSatisfy { service["metadata"]?["labels"]?[$0.key] == $0.value } }
    #expect(fits(service) && !fits(gateway))
    let endpoint = try #require(monitor["endpoints"]?[0])
    let port = try #require(service["spec"]?["ports"]?.named(endpoint["port"]?.text ?? ""))
    let number = try configuration().port
    #expect(endpoint["path"]?.text == "/metrics" && port["port"]?.text == "\(number)")
    let served = pod["spec"]?["containers"]?[0]?["ports"]?.named(port["targetPort"]?.text ?? "")
    #expect(served?["containerPort"] == port["port"])
    // The job that the rules name.
    #expect(service["metadata"]?["labels"]?[monitor["jobLabel"]?.text ?? ""]?.text == Self.appID)
  }

  @Test("Applying k8s/ reaches no example and nothing that not every cluster has")
  func everywhere() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.root.appendingPathComponent("k8s").path)
    let kinds = try files.filter { $0.hasSuffix(".yaml") }.flatMap { try documents("k8s/\($0)") }.compactMap { $0["kind"]?.text }
    #expect(
      Set(kinds) == [
        "Namespace", "ConfigMap", "Deployment", "NetworkPolicy", "PodDisruptionBudget", "Service", "ServiceAccount",
      ] && kinds.count == Set(kinds).count)
  }
}
