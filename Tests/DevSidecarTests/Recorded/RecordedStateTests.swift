import DevSidecar
import Foundation
import HTTPClient
import Testing

/// The recorded exchanges, sent again to a sidecar that starts empty.
@Suite("Recorded exchanges")
struct RecordedStateTests {
  private static let stores: [DevSidecarSettings.Profile: String] = [
    .memory: "statestore-memory", .sqlite: "statestore-sqlite", .redis: "statestore", .postgres: "statestore-postgres",
  ]

  @Test("Each profile answers as its store was recorded", arguments: DevSidecarSettings.Profile.allCases, [false, true])
  func state(_ profile: DevSidecarSettings.Profile, onDisk: Bool) async throws {
    let data = try Rig.folder()
    let rig = try await Rig { settings in
      settings.profile = profile
      if onDisk { settings.data = data }
    }
    let store = try #require(Self.stores[profile])
    let cases = try RecordedExchange.load("app-to-sidecar.jsonl").filter { exchange in
      // Lifetimes that must end are tested with time passed in.
      exchange.name.hasPrefix("state-\(profile.rawValue)/") && !exchange.name.hasSuffix("/get-ttl-expired")
        || exchange.name.hasPrefix("state/m") || exchange.name == "unknown-path"
    }
    #expect(cases.count == 65)
    try await replay(cases, rig, renaming: [("/state/\(store)", "/state/statestore")])
    await rig.stop()
  }

  @Test("Publishing, secrets and health answer as recorded")
  func others() async throws {
    let rig = try await Rig()
    let cases = try RecordedExchange.load("app-to-sidecar.jsonl").filter { exchange in
      ["publish-memory/", "bulk-publish-memory/", "publish/", "bulk-publish/", "misc/healthz"].contains { exchange.name.hasPrefix($0) }
        || exchange.name.hasPrefix("secrets/") && !exchange.name.hasSuffix("bulk")
    }
    #expect(cases.count == 49)
    try await replay(cases, rig, renaming: [("memory-pubsub", "pubsub")])
    await rig.stop()
  }

  /// Sends each exchange; ETags are matched by their role.
  private func replay(_ cases: [RecordedExchange], _ rig: Rig, renaming: [(String, String)]) async throws {
    var etags: [(recorded: String, live: String)] = []
    for exchange in cases {
      func translated(_ text: String) -> String {
        // A value that lived two seconds when it was recorded lives as long as a slow machine needs.
        let lasting = text.replacingOccurrences(of: #""ttlInSeconds": "2""#, with: #""ttlInSeconds": "600""#)
        let renamed = renaming.reduce(lasting) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
        return etags.reduce(renamed) { $0.replacingOccurrences(of: $1.recorded, with: $1.live) }
      }
      let answer = try await rig.call(
        exchange.method, translated(exchange.target), exchange.body.map(translated),
        headers: exchange.headers.map { ($0.name, translated($0.value)) })
      #expect(answer.status == exchange.status, "\(exchange.name)")
      #expect(answer.header("etag") != nil || exchange.answerHeaders["etag"] == nil, "\(exchange.name): no ETag")
      let type = exchange.answerHeaders["content-type"]?.split(separator: ";").first
      #expect(answer.header("content-type")?.split(separator: ";").first == type, "\(exchange.name)")
      if answer.status >= 400 {
        #expect(Self.code(answer.text) == Self.code(exchange.answer), "\(exchange.name)")
      } else {
        #expect(Self.value(answer.text) == Self.value(exchange.answer), "\(exchange.name): \(answer.text)")
      }
      if let recorded = exchange.answerHeaders["etag"], let live = answer.header("etag"), recorded.count > 3 {
        etags.append((recorded, live))
      }
    }
  }

  private static func code(_ text: String) -> String? {
    ((try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any])?["errorCode"] as? String
  }

  /// A value to compare: a bulk get without its order and the parts that differ from run to run.
  private static func value(_ text: String) -> NSObject? {
    let value = try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
    guard let entries = value as? [[String: Any]] else { return value as? NSObject }
    let shown = entries.map { $0.filter { $0.key != "etag" && $0.key != "metadata" } }
    return shown.sorted { ($0["key"] as? String ?? "") < ($1["key"] as? String ?? "") } as NSArray
  }
}
