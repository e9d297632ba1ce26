import DaprClient
import HTTPServer
import JSON
import Testing

@Suite("Answers that are not what was recorded")
struct OddAnswerTests {
  private func load(_ keys: [String], answer: String, status: Int = 200) async throws -> Result<[String], SidecarFailure> {
    let double = try SidecarDouble(status: status, body: answer)
    let result: Result<[String], SidecarFailure>
    do throws(SidecarFailure) {
      let loaded = try await double.client.load(keys, context: patient) { key, value in "\(key)→\(value.integer ?? -1)" }
      result = .success(
        loaded.map { one in
          switch one.state {
          case .missing: "\(one.key) missing"
          case .value(let value, let etag): "\(value)@\(etag)"
          case .failed(let why): "\(one.key) failed: \(why)"
          case .unreadable(let why, let etag): "\(one.key) unreadable: \(why) at \(etag ?? "no ETag")"
          }
        })
    } catch {
      result = .failure(error)
    }
    await double.end()
    return result
  }

  @Test(
    "A bulk read that is no list of entries is unintelligible",
    arguments: ["", "nonsense", "[{\"key\":\"a\"", "{}", "null", "[1]", "[{\"data\":1,\"etag\":\"1\"}]", "[{\"key\":7}]", "[] []"])
  func unintelligible(body: String) async throws {
    guard case .failure(.unintelligible) = try await load(["a"], answer: body) else {
      Issue.record("\(body) was taken")
      return
    }
  }

  @Test("Entries come in any order, and go into the order of the keys")
  func order() async throws {
    let keys = (0..<50).map { "key \($0)" }
    var generator = SplitMix(seed: 7)
    for _ in 0..<20 {
      let entries = keys.indices.shuffled(using: &generator).map { #"{"etag":"e\#($0)","key":"key \#($0)","data":\#($0),"metadata":{}}"# }
      let loaded = try await load(keys, answer: "[" + entries.joined(separator: ",") + "]").get()
      #expect(loaded == keys.indices.map { "key \($0)→\($0)@e\($0)" })
    }
  }

  @Test("Each key has its own fate; what was not asked for is passed over")
  func fates() async throws {
    let answer = """
      [{"key":"other","data":1,"etag":"1"},{"key":"c","error":"down"},{"key":"a","data":1,"etag":"x"},{"key":"d","data":2},
      {"key":"e","etag":"1"},{"key":"f","data":3,"etag":"1","error":""},{"key":"g","error":"odd","data":1,"etag":"1"},{"key":"h"}]
      """
    let loaded = try await load(["a", "b", "c", "d", "e", "f", "g", "h"], answer: answer).get()
    #expect(
      loaded == [
        "a→1@x", "b failed: not in the answer", "c failed: down", "d failed: a value without an ETag", "e failed: an ETag without a value",
        "f→3@1", "g failed: odd", "h missing",
      ])
  }

  @Test("One key is read as many are")
  func oneKey() async throws {
    let double = try SidecarDouble(status: 200, body: #"[{"key":"a","data":5,"etag":"9"}]"#)
    guard case .value(let value, let etag) = try await double.client.get("a", context: patient, decode: { $0.integer }) else {
      Issue.record("no value")
      return
    }
    #expect(value == 5)
    #expect(etag == "9")
    await double.end()
  }

  @Test("Plain words of a proxy or a token check are kept, cut short")
  func plainWords() async throws {
    let cases: [(Int, String, SidecarFailure)] = [
      (401, "invalid api token\n", .unauthorized("invalid api token")),
      (502, " <html>Bad Gateway</html> ", .failed(status: 502, code: "", message: "<html>Bad Gateway</html>")),
      (404, "", .refused(status: 404, code: "", message: "")),
      (409, #"{"message":"m"}"#, .conflict(code: "", message: "m")),
      (413, #"{"errorCode":"E","message":"m","details":[]}"#, .refused(status: 413, code: "E", message: "m")),
      (500, String(repeating: "x", count: 1_000), .failed(status: 500, code: "", message: String(repeating: "x", count: 300))),
      (302, "", .unintelligible("status 302")),
    ]
    for (status, body, expected) in cases {
      let double = try SidecarDouble(status: status, body: body, type: "text/plain")
      #expect(await failure { () throws(SidecarFailure) in try await double.client.delete("k", etag: nil, context: patient) } == expected)
      await double.end()
    }
  }

  @Test(
    "What the sidecar says of itself has to be readable",
    arguments: ["{}", "[]", #"{"id":"a"}"#, #"{"id":"a","runtimeVersion":"1","components":[{"name":"n"}]}"#, "x"])
  func metadata(body: String) async throws {
    let double = try SidecarDouble(status: 200, body: body)
    let failed = await failure { () throws(SidecarFailure) in _ = try await double.client.metadata(context: patient) }
    guard case .unintelligible = failed else {
      Issue.record("\(String(describing: failed))")
      return
    }
    await double.end()
  }

  @Test("A sidecar without components and subscriptions says so by leaving them out")
  func bareMetadata() async throws {
    let double = try SidecarDouble(status: 200, body: #"{"id":"a","runtimeVersion":"1"}"#)
    let expected = SidecarMetadata(id: "a", runtimeVersion: "1", components: [], subscribedTopics: [])
    #expect(try await double.client.metadata(context: patient) == expected)
    await double.end()
  }

  @Test("It is ready with a 2xx alone", arguments: [(204, true), (200, true), (500, false), (401, false), (302, false)])
  func readiness(status: Int, isReady: Bool) async throws {
    let double = try SidecarDouble(status: status)
    #expect(await double.client.isReady(context: patient) == isReady)
    #expect(double.requests.map(\.head.target) == ["/v1.0/healthz/outbound"])
    await double.end()
  }
}

/// Repeatable numbers, Steele and others 2014.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
