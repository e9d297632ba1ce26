import DevSidecar
import Foundation
import Testing

@testable import DevSidecar

/// Encrypted state stores and secret stores in component files.
@Suite("Components with secrets")
struct EncryptedComponentTests {
  private static let secrets = """
    {"good": "\(RecordedValueTests.one)", "empty": "", "letters": "\(String(repeating: "x", count: 32))", "short": "0102",
    "odd": "\(RecordedValueTests.one)0"}
    """

  private static func components(_ key: String, auth: String = "auth: {secretStore: secretstore}", type: String = "state.redis") throws
    -> Components
  {
    let state =
      "kind: Component\nmetadata: {name: statestore}\n\(auth)\nspec: {type: \(type), metadata: [{name: primaryEncryptionKey, \(key)}]}"
    let folder = try Rig.folder([
      "state.yaml": state, "secrets.json": secrets,
      "secrets.yaml": Rig.component("secretstore", "secretstores.local.file", ["secretsFile": "secrets.json"]),
    ])
    return try Components(folder: folder)
  }

  private static func reference(_ name: String, key: String? = nil) -> String {
    "secretKeyRef: {name: \(name)\(key.map { ", key: \($0)" } ?? "")}"
  }

  @Test("A secret is used as a key, under its own name if none is given")
  func encrypted() throws {
    for reference in [Self.reference("good", key: "good"), Self.reference("good")] {
      let setUp = try StateSetUp(Self.components(reference), profile: nil)
      #expect(setUp.rules.keys?.primary.name == "good")
      #expect(setUp.rules.profile == .redis)
      #expect(setUp.notes == [])
    }
  }

  @Test("The sidecar does not start if a secret is missing, empty or not a key", arguments: ["gone", "empty", "letters", "short", "odd"])
  func refused(_ secret: String) throws {
    let components = try Self.components(Self.reference(secret, key: secret))
    let failure = #expect(throws: DevSidecarFailure.self) { try StateSetUp(components, profile: nil) }
    guard case .component(_, let field, _) = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(field.hasPrefix("spec.metadata.primaryEncryptionKey"))
    #expect(failure?.description.contains("xxxx") == false, "what is secret must not be shown")
  }

  @Test("Without auth, or with a key that the secret lacks, nothing is encrypted, and the sidecar says so")
  func unencrypted() throws {
    for components in [try Self.components(Self.reference("good"), auth: ""), try Self.components(Self.reference("good", key: "gone"))] {
      let setUp = try StateSetUp(components, profile: nil)
      #expect(setUp.name == "statestore")
      #expect(setUp.rules.keys == nil)
      #expect(setUp.notes.count == 1)
    }
  }

  @Test("A key written in the file itself encrypts values that cannot be read again")
  func outright() throws {
    let setUp = try StateSetUp(Self.components("value: \(RecordedValueTests.one)"), profile: nil)
    let keys = try #require(setUp.rules.keys)
    let stored = try #require(keys.seal(Array("x".utf8), nonce: [UInt8](repeating: 0, count: 12)))
    #expect(throws: UnreadableValue.unnamed) { try keys.open(stored) }
  }

  @Test(
    "The type of a store decides which store it answers like, unless a profile is given",
    arguments: [
      ("state.redis", DevSidecarSettings.Profile.redis), ("state.sqlite", .sqlite), ("state.postgresql", .postgres),
      ("state.in-memory", .memory), ("state.other", .memory),
    ])
  func profiles(_ type: String, _ profile: DevSidecarSettings.Profile) throws {
    let components = try Self.components(Self.reference("good"), type: type)
    #expect(try StateSetUp(components, profile: nil).rules.profile == profile)
    #expect(try StateSetUp(components, profile: .sqlite).rules.profile == .sqlite)
  }

  @Test("The production components run unchanged with a folder of secrets", arguments: ["production", "production-postgresql"])
  func production(components name: String) throws {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let folder = tests.deletingLastPathComponent().appendingPathComponent("components/\(name)").path
    let without = try StateSetUp(Components(folder: folder), profile: nil)
    #expect(without.name == nil)
    #expect(without.notes.count == 1)
    let secrets = URL(fileURLWithPath: try Rig.folder())
    let secret = secrets.appendingPathComponent("mastery-engine-state-key-1")
    try FileManager.default.createDirectory(at: secret, withIntermediateDirectories: true)
    try Data("\(RecordedValueTests.one)\n".utf8).write(to: secret.appendingPathComponent("key"))
    let components = try Components(folder: folder, secrets: secrets.path)
    let with = try StateSetUp(components, profile: nil)
    #expect(with.name == "statestore")
    #expect(with.rules.keys?.primary.name == "mastery-engine-state-key-1")
    #expect(components.secrets.map(\.name) == ["kubernetes"])
  }

  @Test("Secrets are read from the environment, and missing ones are empty")
  func environment() throws {
    let folder = try Rig.folder(["env.yaml": Rig.component("envstore", "secretstores.local.env")])
    let store = try #require(try Components(folder: folder).secrets.first)
    let path = try #require(ProcessInfo.processInfo.environment["PATH"])
    #expect(store.secret("PATH") == ["PATH": path])
    #expect(store.secret("NO_SUCH_VARIABLE_HERE") == ["NO_SUCH_VARIABLE_HERE": ""])
    #expect(store.secret("APP_API_TOKEN") == ["APP_API_TOKEN": ""])
  }

  @Test("A file of secrets may hold several values for each secret")
  func multiValued() throws {
    let folder = try Rig.folder([
      "secrets.yaml": Rig.component("s", "secretstores.local.file", ["secretsFile": "s.json", "multiValued": "true"]),
      "s.json": #"{"redis": {"password": "p", "user": {"name": "u"}}, "plain": "x"}"#,
    ])
    let store = try #require(try Components(folder: folder).secrets.first)
    #expect(store.secrets == ["redis": ["password": "p", "user:name": "u"], "plain": ["plain": "x"]])
  }
}
