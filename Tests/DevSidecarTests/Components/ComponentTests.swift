import Foundation
import Testing

@testable import DevSidecar

/// Component files: what is read, and how errors name a bad one.
@Suite("Component files")
struct ComponentTests {
  @Test("The development components are read")
  func shipped() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let components = try Components(folder: root.deletingLastPathComponent().appendingPathComponent("components/dev").path)
    #expect(components.stateStore?.name == "statestore")
    #expect(components.pubsubs.map(\.name) == ["pubsub"])
    #expect(components.secrets.map(\.name) == ["secretstore"])
    #expect(components.secrets.first?.secret("jwt-secret") == ["jwt-secret": "dev-secret"])
    let retry = components.resiliency.targets["pubsub"]?.inboundRetry
    #expect(retry?.most == nil)
    #expect(retry?.longest == 2_000)
    #expect(retry?.kind == .exponential)
  }

  @Test(
    "A bad component file is reported with its name and its field",
    arguments: [
      ("kind: Component\nmetadata: {name: a}\nspec: {type: lock.redis}", "spec.type"),
      ("kind: Component\nspec: {type: state.redis}", "metadata.name"), ("kind: Planet", "kind"), ("a: [", "line 1"),
      ("&a [*a]", "line 1"), ("a: &a {b: *a}", "line 1"),
      ((1...30).map { "k\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]\n" }.reduce("k0: &a0 x\n", +), "line 1"),
      (
        "kind: Component\nmetadata: {name: a}\nspec: {type: pubsub.x, metadata: [{name: partitions, value: many}]}",
        "spec.metadata.partitions"
      ),
      ("kind: Component\nmetadata: {name: a}\nspec: {type: pubsub.x, metadata: [{value: many}]}", "spec.metadata[0].name"),
      (
        "kind: Component\nmetadata: {name: a}\nspec: {type: secretstores.local.file, metadata: [{name: secretsFile, value: gone.json}]}",
        "spec.metadata.secretsFile"
      ),
      ("kind: Resiliency\nspec: {targets: {components: {p: {inbound: {retry: r}}}}}", "spec.targets.components.p.inbound.retry"),
      (
        "kind: Resiliency\nspec: {policies: {retries: {r: {policy: constant, duration: soon}}}, "
          + "targets: {components: {p: {inbound: {retry: r}}}}}",
        "spec.policies.retries.r.duration"
      ),
    ])
  func wrong(_ text: String, _ field: String) throws {
    let folder = try Rig.folder(["x.yaml": text])
    let failure = #expect(throws: DevSidecarFailure.self) { try Components(folder: folder) }
    guard case .component(let file, let named, _) = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(file == "\(folder)/x.yaml")
    #expect(named == field || field == "line 1" && named.hasPrefix("line"))
  }

  @Test("A value that an alias repeats appears as often as it is named")
  func aliases() throws {
    let documents = try YAMLNode.documents(Array("a: &x [1, 2]\nb: *x".utf8))
    #expect(documents.first?["a"] == documents.first?["b"])
    #expect(documents.first?["b"]?.elements.map(\.text) == ["1", "2"])
  }

  @Test("Durations are read as Go writes them", arguments: [("200ms", 200), ("1m30s", 90_000), ("1.5s", 1500), ("1h", 3_600_000)])
  func durations(_ text: String, _ milliseconds: Int64) {
    #expect(ComponentField.milliseconds(text) == milliseconds)
  }

  @Test("Text that is not a duration is refused", arguments: ["", "5", "s", "5 s", "-1s", "1y", "400000h", "99999999999999999999h"])
  func noDurations(_ text: String) {
    #expect(ComponentField.milliseconds(text) == nil)
  }
}
