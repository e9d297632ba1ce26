import Foundation
import MasteryService
import Testing

/// The names in the manifests that commands must match.
struct Manifests {
  let namespace: String
  let appID: String
  let image: String
  /// The secret of the certificate.
  let certificate: String
  /// The members of each secret that are read.
  let secrets: [String: Set<String>]
  /// The secrets that the pod needs to start.
  let required: Set<String>
  /// The largest message of each topic.
  let messageLimits: [String: String]

  init() throws {
    func documents(_ path: String) throws -> [YAML] {
      try YAML.documents(String(contentsOf: Document.root.appending(path: path), encoding: .utf8))
    }
    namespace = try #require(try documents("k8s/00-namespace.yaml")[0]["metadata"]?["name"]?.text)
    let deployment = try #require(try documents("k8s/deployment.yaml").first)
    let template = try #require(deployment["spec"]?["template"])
    let container = try #require(template["spec"]?["containers"]?[0])
    appID = try #require(template["metadata"]?["annotations"]?["dapr.io/app-id"]?.text)
    image = try #require(container["image"]?.text)
    let patch = try #require(try documents("k8s/tls/deployment.yaml").first)
    certificate = try #require(patch["spec"]?["template"]?["spec"]?["volumes"]?[0]?["secret"]?["secretName"]?.text)
    var secrets: [String: Set<String>] = [:]
    for source in container["envFrom"]?.elements ?? [] {
      guard let name = source["secretRef"]?["name"]?.text else { continue }
      secrets[name, default: []].formUnion(Configuration.settings.map(\.name))
    }
    for variable in container["env"]?.elements ?? [] {
      guard let key = variable["valueFrom"]?["secretKeyRef"], let name = key["name"]?.text, let member = key["key"]?.text else { continue }
      secrets[name, default: []].insert(member)
    }
    required = Set(secrets.keys)
    let stores = ["production", "production-postgresql"].map { "components/\($0)/statestore.yaml" }
    for component in try stores.flatMap(documents) {
      for entry in component["spec"]?["metadata"]?.elements ?? [] {
        guard let key = entry["secretKeyRef"], let name = key["name"]?.text, let member = key["key"]?.text else { continue }
        secrets[name, default: []].insert(member)
      }
    }
    self.secrets = secrets
    messageLimits = Dictionary(
      uniqueKeysWithValues: try documents("k8s/topics/topics.yaml").compactMap { topic in
        guard let name = topic["metadata"]?["name"]?.text, let limit = topic["spec"]?["config"]?["max.message.bytes"]?.text else {
          return nil
        }
        return (name, limit)
      })
  }
}
