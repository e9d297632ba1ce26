import DaprClient
import HTTPServer
import JSON
import Testing

@Suite("Answers that differ from the recorded ones")
struct OddAnswerTests {
  private func load(_ keys: [String], answer: String, status: Int = 200) async throws -> Result<[String], SidecarFailure> {
    let double = try SidecarDouble(status: status, body: answer)
    let result: Result<[String], SidecarFailure>
    do throws(SidecarFailure) {
      let loaded = try await double.client.load(keys, context: patient) { key, value in "\(key)→\(value["n"]?.integer ?? -1)" }
      result = .success(
        loaded.map { one in
          switch one.state {
          case .missing: "\(one.key) missing"
          case .value(let value, let etag): "\(value)@\(etag)"
          case .failed(let why): "\(one.key) failed: \(why)"
          case .unreadable(_, let etag): "\(one.key) unreadable at \(etag ?? "no ETag")"
          }
        })
    } catch {
      result = .failure(error)
    }
    await double.end()
    return result
  }

  @Test(
    "A bulk read of JSON that is not a list of entries is unintelligible, and nothing else is asked",
    arguments: ["{}", "null", "[1]", "[{\"data\":1,\"etag\":\"1\"}]", "[{\"key\":7}]"])
  func unintelligible(body: String) async throws {
    let double = try SidecarDouble(status: 200, body: body)
    let failed = await failure { () throws(SidecarFailure) in
      _ = try await double.client.load(["a", "b"], context: patient) { _, _ in 0 }
    }
    #expect(failed == .unintelligible("status 200 with JSON that is not a list of entries"))
    #expect(double.requests.count == 1)
    await double.end()
  }

  @Test(
    "After a bulk read without JSON each key is read on its own, and a value that is not JSON is unreadable",
    arguments: ["", "nonsense", "[{\"key\":\"a\"", "[] []"])
  func spoiled(body: String) async throws {
    let double = try SidecarDouble { request in
      let isGood = request.head.target.hasSuffix("/good")
      return HTTPResponse(status: 200, fields: [HTTPField("ETag", "7")], body: Array((isGood ? #"{"x":1}"# : body).utf8))
    }
    let loaded = try await double.client.load(["bad", "good"], context: patient) { $1["x"]?.integer }
    guard case .unreadable(_, etag: "7") = loaded[0].state, case .value(1, etag: "7") = loaded[1].state else {
      Issue.record("\(loaded)")
      return
    }
    #expect(
      double.requests.map(\.head.target)
        == ["/v1.0/state/state%20store/bulk", "/v1.0/state/state%20store/bad", "/v1.0/state/state%20store/good"])
    await double.end()
  }

  @Test("An answer with another status and no JSON does not make the client read keys one by one", arguments: [204, 201, 302])
  func otherStatus(status: Int) async throws {
    let double = try SidecarDouble(status: status)
    let failed = await failure { () throws(SidecarFailure) in
      _ = try await double.client.load(["a", "b"], context: patient) { _, _ in 0 }
    }
    guard case .unintelligible = failed else {
      Issue.record("\(String(describing: failed))")
      return
    }
    #expect(double.requests.count == 1)
    await double.end()
  }

  @Test("A bulk read returns entries in the order of the keys, whatever order the sidecar sends")
  func order() async throws {
    let keys = (0..<50).map { "key \($0)" }
    var generator = SplitMix(seed: 7)
    for _ in 0..<20 {
      let entries = keys.indices.shuffled(using: &generator).map {
        #"{"etag":"e\#($0)","key":"key \#($0)","data":{"n":\#($0)},"metadata":{}}"#
      }
      let loaded = try await load(keys, answer: "[" + entries.joined(separator: ",") + "]").get()
      #expect(loaded == keys.indices.map { "key \($0)→\($0)@e\($0)" })
    }
  }

  @Test("Each key of a bulk read has its own outcome, and entries that were not asked for are ignored")
  func fates() async throws {
    let answer = #"""
      [{"key":"other","data":{"n":1},"etag":"1"},{"key":"c","error":"down"},{"key":"a","data":{"n":1},"etag":"x"},
      {"key":"d","data":{"n":2}},{"key":"e","etag":"1"},{"key":"f","data":{"n":3},"etag":"1","error":""},
      {"key":"g","error":"odd","data":{"n":1},"etag":"1"},{"key":"h"},{"key":"i","data":"{\"n\":4}","etag":"2"},
      {"key":"j","data":"\"{}\"","etag":"3"},{"key":"k","data":7,"etag":"4"},{"key":"l","data":null,"etag":"5"},
      {"key":"m","data":"{\"n\":","etag":"6"},{"key":"n","etag":"7","error":"cipher: message authentication failed"}]
      """#
    let keys = "abcdefghijklmn".map { String($0) }
    let loaded = try await load(keys, answer: answer).get()
    let expected = [
      "a→1@x", "b failed: not in the answer", "c failed: down", "d failed: a value without an ETag", "e unreadable at 1", "f→3@1",
      "g failed: odd", "h missing", "i→4@2", "j unreadable at 3", "k unreadable at 4", "l unreadable at 5", "m unreadable at 6",
      "n unreadable at 7",
    ]
    #expect(loaded == expected)
  }

  @Test("One key is read by a single get, in both forms of a document")
  func oneKey() async throws {
    for body in [#"{"n":5}"#, #""{\"n\":5}""#] {
      let double = try SidecarDouble { _ in HTTPResponse(status: 200, fields: [HTTPField("Etag", "9")], body: Array(body.utf8)) }
      guard case .value(5, etag: "9") = try await double.client.get("a/b", context: patient, decode: { $0["n"]?.integer }) else {
        Issue.record("no value")
        return
      }
      #expect(double.requests.map(\.head.target) == ["/v1.0/state/state%20store/a%2Fb"])
      await double.end()
    }
  }

  @Test("A single value without an ETag fails its key, since nothing could be saved over it")
  func noETag() async throws {
    let double = try SidecarDouble(status: 200, body: "{}")
    guard case .failed = try await double.client.get("a", context: patient, decode: { _ in 0 }) else {
      Issue.record("taken")
      return
    }
    await double.end()
  }

  @Test("The reason for an unreadable value tells an operator what to do")
  func reasons() async throws {
    let cases = [
      (200, "", "is empty"), (200, "map[x:1]", "is not JSON"), (200, "12", "is not JSON"),
      (200, "TWFueSBoYW5kcyBtYWtl||key-two", "put the key back"),
      (200, "TWFueSBoYW5kcyBtYWtl", "is not JSON"),
      (500, #"{"message":"could not decrypt data: encryption key name not found on record"}"#, "saved before encryption was turned on"),
      (500, #"{"message":"illegal base64 data at input byte 0"}"#, "cannot be decrypted"),
      (500, #"{"message":"cipher: message authentication failed"}"#, "put the old key back"),
    ]
    for (status, body, reason) in cases {
      let double = try SidecarDouble(status: status, body: body)
      guard case .unreadable(let why, etag: nil) = try await double.client.get("a", context: patient, decode: { _ in 0 }) else {
        Issue.record("\(body) was taken")
        return
      }
      #expect(why.contains(reason), "\(body)")
      await double.end()
    }
  }

  @Test("A plain-text error from a proxy or a token check is kept, cut to 300 characters")
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
    "Metadata of the sidecar that cannot be read is unintelligible",
    arguments: [
      "{}", "[]", #"{"id":"a"}"#, #"{"id":"a","runtimeVersion":"1","components":[{"name":"n"}]}"#, "x",
      #"{"id":"a","runtimeVersion":"1","subscriptions":[{"topic":"t"}]}"#, #"{"id":"a","runtimeVersion":"1","resiliencies":[{}]}"#,
    ])
  func metadata(body: String) async throws {
    let double = try SidecarDouble(status: 200, body: body)
    let failed = await failure { () throws(SidecarFailure) in _ = try await double.client.metadata(context: patient) }
    guard case .unintelligible = failed else {
      Issue.record("\(String(describing: failed))")
      return
    }
    await double.end()
  }

  @Test(
    "A sidecar leaves lists without entries out of its metadata; one from before 1.18 never names policies",
    arguments: [
      ("1.17.13", nil), ("1.18.0-rc.1", []), ("1.18.3", []), ("1.9.0", nil), ("2.0.0", []), ("1", nil), ("edge", nil),
    ] as [(String, [String]?)])
  func bareMetadata(version: String, resiliencies: [String]?) async throws {
    let double = try SidecarDouble(status: 200, body: #"{"id":"a","runtimeVersion":"\#(version)"}"#)
    let expected = SidecarMetadata(id: "a", runtimeVersion: version, components: [], subscriptions: [], resiliencies: resiliencies)
    #expect(try await double.client.metadata(context: patient) == expected)
    await double.end()
  }

  @Test("The sidecar is ready only if it answers 2xx", arguments: [(204, true), (200, true), (500, false), (401, false), (302, false)])
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
