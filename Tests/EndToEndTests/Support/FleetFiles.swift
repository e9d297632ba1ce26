import DevSidecar
import Foundation
import MasteryService

/// The component files of a fleet, and the matching settings of its processes.
///
/// Published messages are kept, for the test to read.
struct FleetFiles {
  /// The sidecar's options.
  let options: [String]
  /// The engines' settings.
  let environment: [String: String]

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
    }
  }

  /// Makes the secrets that production's files name.
  ///
  /// - Returns: The sidecar's options.
  private static func production(_ files: URL, in folder: URL) throws -> [String] {
    let secrets = folder.appending(path: "secrets")
    for (name, value) in ["redis/password": "p", "mastery-engine-state-key-1/key": String(repeating: "4b", count: 32)] {
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
