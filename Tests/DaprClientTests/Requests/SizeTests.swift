import DaprClient
import Foundation
import HTTPServer
import Testing
import WireTesting

@Suite("Requests over 4 MiB")
struct SizeTests {
  /// The sidecar's behaviour according to the recording: 400 "stream too large" over 4 MiB.
  private static let limit = 4 << 20
  private static let tooLarge = #"{"errorCode":"ERR_MALFORMED_REQUEST","message":"stream too large"}"#

  private static func keys(_ request: HTTPRequest) -> [String] {
    (jsonValue(String(decoding: request.body, as: UTF8.self)) as? [[String: Any]] ?? []).compactMap { $0["key"] as? String }
  }

  private static func judge(_ request: HTTPRequest) -> HTTPResponse {
    request.body.count > limit ? HTTPResponse(status: 400, body: Array(tooLarge.utf8)) : HTTPResponse(status: 204)
  }

  @Test("A save over 4 MiB is cut into requests that the sidecar accepts, and no item is lost or doubled")
  func savesInPieces() async throws {
    var generator = SplitMix(seed: 3)
    let sizes = (0..<60).map { _ in Int.random(in: 4...400_000, using: &generator) }
    let double = try SidecarDouble { Self.judge($0) }
    try await double.client.save(items(sizes), context: patient)
    #expect(double.requests.flatMap(Self.keys) == sizes.indices.map { "k\($0)" })
    #expect(double.requests.allSatisfy { $0.body.count <= Self.limit })
    // At most one request more than twice what the bytes alone need.
    #expect(double.requests.count <= 2 * sizes.reduce(0, +) / Self.limit + 1)
    await double.end()
  }

  @Test("A save that fits one request is sent as one request")
  func savesAtOnce() async throws {
    let double = try SidecarDouble { Self.judge($0) }
    try await double.client.save(items(Array(repeating: 3_000, count: 1_000)), context: patient)
    #expect(double.requests.count == 1)
    await double.end()
  }

  @Test("An item that is too large is sent alone and fails as recorded, and its neighbours are saved")
  func oneTooLarge() async throws {
    let double = try SidecarDouble { Self.judge($0) }
    let failed = await failure { () throws(SidecarFailure) in
      try await double.client.save(items([100, 5 << 20, 100]), context: patient)
    }
    #expect(failed == .refused(status: 400, code: "ERR_MALFORMED_REQUEST", message: "stream too large"))
    #expect(double.requests.map(Self.keys) == [["k0"], ["k1"], ["k2"]])
    await double.end()
  }

  @Test(
    "A save tries all its pieces and reports the worst of their failures",
    arguments: [[409, 500, 400], [400, 409, 500], [500, 400, 409]])
  func worst(statuses: [Int]) async throws {
    let double = try SidecarDouble { request in
      let number = Self.keys(request).first.flatMap { Int($0.dropFirst()) } ?? 0
      return HTTPResponse(status: statuses[number], body: Array(#"{"errorCode":"E\#(statuses[number])","message":"m"}"#.utf8))
    }
    let failed = await failure { () throws(SidecarFailure) in
      try await double.client.save(items([3 << 20, 3 << 20, 3 << 20]), context: patient)
    }
    #expect(failed == .refused(status: 400, code: "E400", message: "m"))
    #expect(double.requests.count == 3)
    await double.end()
  }

  @Test("A piece without an answer is a worse failure than any answer to another piece")
  func noAnswer() async throws {
    let gate = Gate()
    let double = try SidecarDouble { request in
      if Self.keys(request) == ["k1"] { await gate.pass() }
      return HTTPResponse(status: 401)
    }
    let failed = await failure { () throws(SidecarFailure) in
      try await double.client.save(items([3 << 20, 3 << 20, 3 << 20]), context: CallContext(deadline: 1_000))
    }
    #expect(failed == .timedOut)
    gate.open()
    await double.end()
  }

  private func events(_ count: Int) -> [OutgoingEvent] {
    let text = "\"" + String(repeating: "x", count: 1 << 20) + "\""
    return Array(repeating: OutgoingEvent(body: Array(text.utf8), contentType: "application/json", partitionKey: "p"), count: count)
  }

  private static func entries(_ request: HTTPRequest) -> [Int] {
    (jsonValue(String(decoding: request.body, as: UTF8.self)) as? [[String: Any]] ?? [])
      .compactMap { ($0["entryId"] as? String).flatMap { Int($0) } }
  }

  @Test("A large bulk of events is cut too, and failed entries are reported by their index in the whole")
  func publishesInPieces() async throws {
    let double = try SidecarDouble { request in
      let entries = Self.entries(request)
      guard entries.contains(4), let last = entries.last else { return Self.judge(request) }
      let body = #"{"failedEntries":[{"entryId":"\#(last)","error":"e"},{"entryId":"4","error":"e"}],"errorCode":"E"}"#
      return HTTPResponse(status: 500, body: Array(body.utf8))
    }
    #expect(try await double.client.publish(events(10), to: "t", context: patient) == [4, 5])
    #expect(double.requests.map(Self.entries) == [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9]])
    await double.end()
  }

  @Test("A refused piece counts as failed if another piece is answered; if none is, the failure is thrown")
  func refusedPieces() async throws {
    let one = try SidecarDouble { HTTPResponse(status: Self.entries($0).contains(0) ? 500 : 204) }
    #expect(try await one.client.publish(events(5), to: "t", context: patient) == [0, 1, 2])
    await one.end()
    let all = try SidecarDouble { HTTPResponse(status: Self.entries($0).contains(0) ? 404 : 500) }
    let failed = await failure { () throws(SidecarFailure) in _ = try await all.client.publish(events(5), to: "t", context: patient) }
    #expect(failed == .refused(status: 404, code: "", message: ""))
    await all.end()
  }

  @Test(
    "A list of failed entries that is empty or names entries that were not sent is a failure",
    arguments: [#"[{"entryId":"5"}]"#, #"[{"entryId":"x"}]"#, #"[{}]"#, "[]", #"[{"entryId":"-1"}]"#])
  func oddEntries(entries: String) async throws {
    let double = try SidecarDouble(status: 500, body: #"{"failedEntries":\#(entries),"errorCode":"E","message":"m"}"#)
    let event = OutgoingEvent(body: Array("1".utf8), contentType: "application/json", partitionKey: nil)
    let failed = await failure { () throws(SidecarFailure) in _ = try await double.client.publish([event], to: "t", context: patient) }
    #expect(failed != nil)
    await double.end()
  }
}
