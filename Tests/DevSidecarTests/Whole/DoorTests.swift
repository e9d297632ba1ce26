import DaprClient
import DevSidecar
import Foundation
import HTTPClient
import HTTPServer
import JSON
import Synchronization
import Testing
import WireTesting

/// Tokens, invocation, sizes, outages and lost answers, over HTTP.
@Suite("The sidecar's API")
struct DoorTests {
  @Test("With a token set, every path but health requires it, and the app gets its own token")
  func tokens() async throws {
    let app = ScriptedApp(subscriptions: "[]")
    let rig = try await Rig(app: app) { settings in
      settings.daprAPIToken = "sidecar-token"
      settings.appAPIToken = "app-token"
    }
    let base = "http://127.0.0.1:\(rig.sidecar.port)"
    let refused = try await rig.client.send(HTTPCall("GET", "\(base)/v1.0/metadata", deadline: 120_000))
    #expect(refused.status == 401)
    #expect(refused.header("content-type") == "text/plain; charset=utf-8")
    #expect(refused.text == "invalid api token\n")
    for path in ["/v1.0/healthz", "/v1.0/healthz/outbound"] {
      #expect(try await rig.client.send(HTTPCall("GET", base + path, deadline: 120_000)).status == 204)
    }
    #expect(try await rig.call("POST", "/v1.0/invoke/mastery-engine/method/x", "{}").status == 200)
    let call = try #require(app.calls.first)
    #expect(call.head.header("dapr-api-token") == "app-token")
    await rig.stop()
  }

  @Test("A key in a path is decoded once, but twice if the path is escaped just as Go escapes it (net/url, setPath)")
  func escapedKeys() async throws {
    let rig = try await Rig()
    for key in ["student:a%7Cb", "student:a|b", "student:a b"] {
      let saved = try await rig.call("POST", "/v1.0/state/statestore", #"[{"key":"\#(key)","value":{"of":"\#(key)"}}]"#)
      #expect(saved.status == 204)
    }
    for (path, key) in [
      ("student%3Aa%257Cb", "student:a%7Cb"), ("student%3aa%257cb", nil), ("student:a%257Cb", "student:a|b"),
      ("student:a%7Cb", "student:a|b"), ("student%3Aa%7Cb", "student:a|b"), ("student%3Aa+b", "student:a b"),
      ("student:a+b", "student:a b"), ("student:a%20b", "student:a b"),
    ] as [(String, String?)] {
      let answer = try await rig.call("GET", "/v1.0/state/statestore/\(path)")
      #expect(answer.text == (key.map { #"{"of":"\#($0)"}"# } ?? ""), "\(path)")
    }
    let client = DaprClient(
      endpoint: "http://127.0.0.1:\(rig.sidecar.port)", stateStore: "statestore", broker: BrokerComponents("pubsub"), apiToken: nil,
      http: rig.client)
    let read = try await client.get("student:a%7Cb", context: CallContext()) { $0["of"]?.string }
    guard case .value(let text, let etag) = read else {
      Issue.record("\(read)")
      return
    }
    #expect(text == "student:a%7Cb")
    try await client.delete("student:a%7Cb", etag: etag, context: CallContext())
    #expect(try await rig.call("GET", "/v1.0/state/statestore/student%3Aa%257Cb").text.isEmpty)
    #expect(try await rig.call("GET", "/v1.0/state/statestore/student%3Aa%7Cb").text == #"{"of":"student:a|b"}"#)
    await rig.stop()
  }

  @Test("An invocation of an HTTPEndpoint goes to its address, with its headers and without a token of Dapr's")
  func endpoints() async throws {
    let provider = ScriptedApplication { request in
      HTTPResponse(
        status: request.head.path == "/realms/r/certs" ? 200 : 404, fields: [HTTPField("ETag", "v1")],
        body: Array(request.head.fields.map { "\($0.name.lowercased()): \($0.value)" }.joined(separator: "\n").utf8))
    }
    let server = try provider.serve()
    func endpoint(_ name: String, _ port: UInt16) -> String {
      """
      kind: HTTPEndpoint
      metadata:
        name: \(name)
      spec:
        baseUrl: http://127.0.0.1:\(port)/realms/r
        headers:
        - name: X-Api-Key
          value: of the resource
      """
    }
    let files = ["idp.yaml": endpoint("idp", server.port), "gone.yaml": endpoint("gone", try reservedPort())]
    let rig = try await Rig(app: ScriptedApp(subscriptions: "[]"), files: files) { settings in
      settings.daprAPIToken = "sidecar-token"
      settings.appAPIToken = "app-token"
    }
    let answer = try await rig.call(
      "GET", "/v1.0/invoke/idp/method/certs?x=1", headers: [("X-Api-Key", "the caller's"), ("Authorization", "Bearer t")])
    #expect(answer.status == 200 && answer.header("etag") == "v1")
    #expect(answer.text.contains("x-api-key: of the resource") && answer.text.contains("authorization: Bearer t"))
    #expect(!answer.text.contains("the caller's") && !answer.text.contains("dapr-api-token"))
    #expect(provider.requests.map(\.head.target) == ["/realms/r/certs?x=1"])
    #expect(try await rig.call("POST", "/v1.0/invoke/idp/method/other", "{}").status == 404)
    for name in ["gone", "unknown"] {
      let failed = try await rig.call("GET", "/v1.0/invoke/\(name)/method/certs")
      #expect(failed.status == 500 && failed.text.contains("ERR_DIRECT_INVOKE"))
    }
    await rig.stop()
    await server.stop(within: .seconds(5))
  }

  @Test("An invocation passes everything on, keeps the trace and returns the answer")
  func invocation() async throws {
    let app = ScriptedApp(subscriptions: "[]") { _, _ in
      HTTPResponse(status: 418, fields: [HTTPField("X-Said", "yes")], body: Array("tea".utf8))
    }
    let rig = try await Rig(app: app)
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    let answer = try await rig.call(
      "POST", "/v1.0/invoke/mastery-engine/method/process?x=1&y=a%20b", #"{"a":1}"#,
      headers: [("authorization", "Bearer abc"), ("traceparent", trace), ("tracestate", "a=b"), ("content-type", "application/json")])
    #expect(answer.status == 418)
    #expect(answer.text == "tea")
    #expect(answer.header("x-said") == "yes")
    let header = try await rig.call("PUT", "/other", "1", headers: [("dapr-app-id", "mastery-engine")])
    #expect(header.status == 418)
    let up = try await rig.call("GET", "/v1.0/invoke/mastery-engine/method/../../secrets")
    #expect(up.status == 418)
    #expect(app.calls.map(\.path) == ["/process?x=1&y=a%20b", "/other", "/secrets"])
    #expect(app.calls.map(\.method) == ["POST", "PUT", "GET"])
    let seen = try #require(app.calls.first)
    #expect(seen.text == #"{"a":1}"#)
    #expect(seen.head.header("authorization") == "Bearer abc")
    #expect(seen.head.header("tracestate") == "a=b")
    let parent = try #require(seen.head.header("traceparent"))
    #expect(parent.hasPrefix("00-4bf92f3577b34da6a3ce929d0e0e4736-") && parent != trace)
    #expect(try await rig.call("POST", "/v1.0/invoke/ghost/method/x", "{}").text.contains("ERR_DIRECT_INVOKE"))
    await rig.stop()
  }

  @Test("A body over 4 MiB is refused in each API's own words; an answer may be larger")
  func sizes() async throws {
    let rig = try await Rig(app: ScriptedApp(subscriptions: "[]"))
    let half = String(repeating: "x", count: 3 << 20)
    for key in ["a", "b"] {
      #expect(try await rig.call("POST", "/v1.0/state/statestore", #"[{"key":"\#(key)","value":"\#(half)"}]"#).status == 204)
    }
    let both = try await rig.call("POST", "/v1.0/state/statestore/bulk", #"{"keys":["a","b"]}"#)
    #expect(both.status == 200 && both.body.count > 6 << 20)
    let large = #"[{"key":"a","value":"\#(half)\#(half)"}]"#
    for (path, status, code) in [
      ("/v1.0/state/statestore", 400, "ERR_MALFORMED_REQUEST"), ("/v1.0-alpha1/publish/bulk/pubsub/t", 400, "ERR_PUBSUB_EVENTS_SER"),
      ("/v1.0/publish/pubsub/t", 500, "ERR_PUBSUB_PUBLISH_MESSAGE"), ("/v1.0/invoke/mastery-engine/method/x", 500, "ERR_DIRECT_INVOKE"),
    ] {
      let answer = try await rig.call("POST", path, large)
      #expect(answer.status == status)
      #expect(answer.text.contains(code) && answer.text.contains("stream too large"))
    }
    await rig.stop()
  }

  @Test("A message over a million bytes is refused, even if nobody subscribes to it")
  func messageTooLarge() async throws {
    let rig = try await Rig()
    let large = #"{"text":"\#(String(repeating: "x", count: 1_000_000))"}"#
    #expect(try await rig.publish("t", large) == 500)
    let entries = #"[{"entryId":"1","event":\#(large),"contentType":"application/json"}]"#
    #expect(try await rig.call("POST", "/v1.0-alpha1/publish/bulk/pubsub/t", entries).text.contains("ERR_PUBSUB_PUBLISH_MESSAGE"))
    await rig.stop()
  }

  @Test("During an outage each call fails as recorded", arguments: [DevSidecarSettings.Profile.redis, .postgres])
  func storeDown(_ profile: DevSidecarSettings.Profile) async throws {
    let rig = try await Rig { $0.profile = profile }
    rig.sidecar.faults.isStoreDown = true
    #expect(try await rig.call("GET", "/v1.0/state/statestore/k").text.contains("ERR_STATE_GET"))
    #expect(try await rig.call("POST", "/v1.0/state/statestore", #"[{"key":"k","value":1}]"#).text.contains("ERR_STATE_SAVE"))
    let transaction = #"{"operations":[{"operation":"upsert","request":{"key":"k","value":1}}]}"#
    #expect(try await rig.call("POST", "/v1.0/state/statestore/transaction", transaction).text.contains("ERR_STATE_TRANSACTION"))
    let bulk = try await rig.call("POST", "/v1.0/state/statestore/bulk", #"{"keys":["k"]}"#)
    #expect(bulk.status == (profile == .redis ? 200 : 500))
    #expect(bulk.text.contains(#""error""#) == (profile == .redis))
    #expect(try await rig.call("GET", "/v1.0/healthz/outbound").status == 204)
    rig.sidecar.faults.clear()
    #expect(try await rig.call("GET", "/v1.0/state/statestore/k").status == 204)
    await rig.stop()
  }

  @Test("What an app beside another sidecar publishes is delivered like anything else, and costs nothing here")
  func publishedElsewhere() async throws {
    let app = ScriptedApp(subscriptions: #"[{"pubsubname":"pubsub","topic":"news","route":"/news"}]"#)
    let rig = try await Rig(app: app) { $0.costs = .redis }
    let bulk = "[\((1...2).map { #"{"entryId":"\#($0)","event":{"n":\#($0)},"contentType":"application/json"}"# }.joined(separator: ","))]"
    #expect(rig.sidecar.publish(Array(bulk.utf8), to: "news", of: "pubsub"))
    await app.heard(2)
    #expect(app.calls.map(\.path) == ["/news", "/news"] && app.calls.allSatisfy { $0.text.contains(#""data":{"n":"#) })
    #expect(rig.sidecar.statistics["news"]?.published == 2)
    #expect(try await rig.call("GET", "/v1.0/metadata").text.contains(#""calls":"0""#))
    #expect(!rig.sidecar.publish(Array("no list".utf8), to: "news", of: "pubsub"))
    #expect(!rig.sidecar.publish(Array(bulk.utf8), to: "news", of: "nobody"))
    rig.sidecar.faults.isBrokerDown = true
    #expect(!rig.sidecar.publish(Array(bulk.utf8), to: "news", of: "pubsub"))
    #expect(rig.sidecar.statistics["news"]?.published == 2)
    await rig.stop()
  }

  @Test("A broker that is down or full takes nothing and names the entries")
  func brokerDown() async throws {
    let published = Mutex(0)
    let files = ["pubsub.yaml": Rig.component("pubsub", "pubsub.in-memory", ["maxQueueBytes": "2000"])]
    let rig = try await Rig(files: files) { settings in
      settings.appPort = 9
      settings.onPublish = { _, _ in published.withLock { $0 += 1 } }
    }
    let entries = #"[{"entryId":"x","event":{"a":1},"contentType":"application/json"}]"#
    rig.sidecar.faults.isBrokerDown = true
    let down = try await rig.call("POST", "/v1.0-alpha1/publish/bulk/pubsub/t", entries)
    #expect(down.status == 500)
    #expect(down.text.contains(#"{"failedEntries":[{"entryId":"x","#) && down.text.contains("ERR_PUBSUB_PUBLISH_MESSAGE"))
    #expect(try await rig.publish("t", "{}") == 500)
    #expect(published.withLock { $0 } == 0)
    rig.sidecar.faults.clear()
    #expect(try await rig.publish("t", "{}") == 204)
    #expect(try await rig.publish("t", "{}") == 204)
    #expect(try await rig.publish("t", #"{"large":"\#(String(repeating: "x", count: 800))"}"#) == 500)
    #expect(published.withLock { $0 } == 2)
    #expect(try await rig.call("GET", "/v1.0/metadata").text.contains(#""t.undelivered":"2""#))
    await rig.stop()
  }

  @Test("A lost answer breaks the connection, after the work or before it")
  func lost() async throws {
    let rig = try await Rig()
    let save = #"[{"key":"k","value":1}]"#
    rig.sidecar.faults.plan(.lostBefore, for: [.write])
    await #expect(throws: HTTPClientFailure.self) { try await rig.call("POST", "/v1.0/state/statestore", save) }
    #expect(try await rig.call("GET", "/v1.0/state/statestore/k").status == 204)
    rig.sidecar.faults.plan(.lostAfter, for: [.write])
    await #expect(throws: HTTPClientFailure.self) { try await rig.call("POST", "/v1.0/state/statestore", save) }
    #expect(try await rig.call("GET", "/v1.0/state/statestore/k").text == "1")
    await rig.stop()
  }

  @Test("A store that is too slow times out, and after enough timeouts it is not asked any more, as recorded")
  func breaker() async throws {
    let policy = """
      kind: Resiliency
      spec:
        policies:
          timeouts: {short: 1ms}
          circuitBreakers: {quick: {timeout: 1h, trip: consecutiveFailures >= 3}}
        targets:
          components:
            statestore: {outbound: {timeout: short, circuitBreaker: quick}}
      """
    let rig = try await Rig(files: ["resiliency.yaml": policy])
    rig.sidecar.faults.plan(.late(milliseconds: 60_000), for: [.read], next: 3)
    for reason in ["context deadline exceeded", "context deadline exceeded", "context deadline exceeded", "circuit breaker is open"] {
      let answer = try await rig.call("GET", "/v1.0/state/statestore/k")
      #expect(answer.status == 500)
      #expect(answer.text.contains(reason) && answer.text.contains("ERR_STATE_GET"))
    }
    await rig.stop()
  }
}
