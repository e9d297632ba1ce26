import DevSidecar
import Foundation
import HTTPClient
import HTTPServer
import Testing
import WireTesting

/// What must hold when either side dies.
@Suite("What survives a restart of the sidecar")
struct SurvivalTests {
  private static let subscriptions = """
    [{"pubsubname":"pubsub","topic":"t","route":"/t","bulkSubscribe":{"enabled":true,"maxMessagesCount":7,"maxAwaitDurationMs":10}}]
    """

  /// The delivered numbers in order, by key, without those that came before.
  private static func numbers(_ app: ScriptedApp) -> [String: [Int]] {
    var numbers: [String: [Int]] = [:]
    for call in app.calls {
      let entries = ((try? JSONSerialization.jsonObject(with: Data(call.body))) as? [String: Any])?["entries"] as? [[String: Any]]
      for entry in entries ?? [] {
        let key = (entry["metadata"] as? [String: String])?["__key"] ?? ""
        guard let number = ((entry["event"] as? [String: Any])?["data"] as? [String: Any])?["n"] as? Int else { continue }
        if numbers[key]?.contains(number) != true { numbers[key, default: []].append(number) }
      }
    }
    return numbers
  }

  @Test("State and undelivered messages are still there after the sidecar is killed")
  func killed() async throws {
    let data = try Rig.folder()
    // A port where nobody listens: the app is away all along.
    let first = try await Rig { settings in
      settings.data = data
      settings.appPort = 9
    }
    #expect(try await first.call("POST", "/v1.0/state/statestore", #"[{"key":"k","value":{"a":1.5}}]"#).status == 204)
    let etag = try await first.call("GET", "/v1.0/state/statestore/k").header("etag")
    for number in 0..<40 { #expect(try await first.publish("t", #"{"n":\#(number)}"#, key: "key\(number % 3)") == 204) }

    // The first one is never stopped: a second one finds what a kill leaves behind.
    let app = ScriptedApp(subscriptions: Self.subscriptions)
    let second = try await Rig(app: app) { $0.data = data }
    let answer = try await second.call("GET", "/v1.0/state/statestore/k")
    #expect(answer.text == #"{"a":1.5}"#)
    #expect(answer.header("etag") == etag)
    await second.sidecar.idle()
    let expected = Dictionary(grouping: 0..<40) { "key\($0 % 3)" }
    #expect(Self.numbers(app) == expected)
    await second.stop()

    let third = try await Rig { settings in
      settings.data = data
      settings.appPort = 9
    }
    #expect(third.sidecar.statistics["t"]?.undelivered == 0, "what was taken must not come again")
    await third.stop()
    await first.stop()
  }

  @Test("Messages published while the app is away arrive in order when it is back, without counting as tried")
  func appAway() async throws {
    let port = try reservedPort()
    let gone = try HTTPServer(
      HTTPServerSettings(host: "127.0.0.1", port: port), application: ScriptedApp(subscriptions: Self.subscriptions))
    // No policy: one try too many would lose the message.
    let rig = try await Rig { $0.appPort = port }
    #expect(try await rig.publish("t", #"{"n":0}"#, key: "a") == 204)
    await rig.sidecar.idle()
    await gone.stop(within: .seconds(1))
    for number in 1..<30 { #expect(try await rig.publish("t", #"{"n":\#(number)}"#, key: "a") == 204) }
    let app = ScriptedApp(subscriptions: Self.subscriptions)
    let back = try HTTPServer(HTTPServerSettings(host: "127.0.0.1", port: port), application: app)
    await rig.sidecar.idle()
    #expect(Self.numbers(app) == ["a": Array(1..<30)])
    #expect(rig.sidecar.statistics["t"]?.lost == 0)
    await rig.stop()
    await back.stop(within: .seconds(1))
  }

  @Test("Failures, lost answers and doubled deliveries lose nothing and keep the order of a key")
  func faults() async throws {
    let app = ScriptedApp(subscriptions: Self.subscriptions) { _, times in HTTPResponse(status: times % 3 == 0 ? 500 : 200) }
    let rig = try await Rig(app: app, files: Rig.retries(-1))
    rig.sidecar.faults.plan(.lostAfter, for: [.delivery], next: 2)
    rig.sidecar.faults.plan(.lostBefore, for: [.delivery], next: 2)
    rig.sidecar.faults.plan(.doubled, for: [.delivery], next: 2)
    for number in 0..<100 { #expect(try await rig.publish("t", #"{"n":\#(number)}"#, key: "key\(number % 5)") == 204) }
    await rig.sidecar.idle()
    #expect(Self.numbers(app) == Dictionary(grouping: 0..<100) { "key\($0 % 5)" })
    #expect(rig.sidecar.statistics["t"]?.acknowledged == 100)
    #expect(rig.sidecar.statistics["t"]?.delivered ?? 0 > 100)
    await rig.stop()
  }

  @Test("Messages without a subscriber are kept for reading if the component says so")
  func retained() async throws {
    let data = try Rig.folder()
    let components = ["pubsub.yaml": Rig.component("pubsub", "pubsub.in-memory", ["retain": "true"])]
    let rig = try await Rig(app: nil, files: components) { $0.data = data }
    #expect(try await rig.publish("unheard", #"{"n":1}"#) == 204)
    await rig.stop()
    // The last write may still be in the log beside the database.
    let files = try ["", "-wal"].map { try Data(contentsOf: URL(fileURLWithPath: "\(data)/messages.sqlite\($0)")) }
    #expect(files.contains { $0.range(of: Data("unheard".utf8)) != nil })
  }
}
