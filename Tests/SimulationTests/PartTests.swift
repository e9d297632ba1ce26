import DaprClient
import HTTPServer
import Testing

@testable import Simulation

@Suite("The parts of a simulated world")
struct PartTests {
  private static func item(_ condition: SaveItem.Condition, secondsToLive: Int? = nil) -> SaveItem {
    SaveItem(key: "k", value: Array("1".utf8), condition: condition, secondsToLive: secondsToLive)
  }

  private static func status(_ failure: SidecarFailure?) -> Int {
    switch failure {
    case nil: 204
    case .conflict: 409
    case .failed(let status, _, _), .refused(let status, _, _): status
    default: 0
    }
  }

  /// As recorded: stale ETag, first write where something stands, ETag where nothing stands any more.
  @Test(
    "are stores that refuse as the real ones",
    arguments: [(StoreProfile.memory, 409, 409, 409), (.sqlite, 409, 409, 409), (.redis, 409, 500, 204), (.postgres, 409, 500, 409)])
  func stores(_ profile: StoreProfile, stale: Int, first: Int, gone: Int) throws {
    let store = SimulatedStore(profile)
    #expect(Self.status(store.save(Self.item(.absent))) == 204)
    let etag = try #require(store.stored("k")).etag
    #expect(Self.status(store.save(Self.item(.matches(etag)))) == 204)
    #expect(Self.status(store.save(Self.item(.matches(etag)))) == stale)
    #expect(Self.status(store.save(Self.item(.absent))) == first)
    #expect(Self.status(store.save(Self.item(.always))) == 204)
    let last = try #require(store.stored("k")).etag
    #expect(profile != .redis || last == "3")
    #expect(store.delete("k", etag: etag) != nil)
    #expect(store.delete("k", etag: last) == nil && store.delete("k", etag: last) == nil)
    #expect(Self.status(store.save(Self.item(.matches(last)))) == gone)
  }

  @Test("are values that end with their time")
  func lifetimes() {
    let timeline = Timeline(start: 1_000)
    let store = SimulatedStore { timeline.now }
    _ = store.save(Self.item(.absent, secondsToLive: 2))
    _ = timeline.step(before: 10_000)
    timeline.at(2_999) {}
    timeline.at(3_000) {}
    #expect(timeline.step(before: 10_000) && store.stored("k") != nil && store.keys == ["k"])
    #expect(timeline.step(before: 10_000) && store.stored("k") == nil && store.keys.isEmpty)
    #expect(Self.status(store.save(Self.item(.absent, secondsToLive: -1))) == 204)
    #expect(!timeline.step(before: 10_000))
  }

  @Test("are appointments kept in order, those of one moment in the order of asking")
  func timeline() {
    let timeline = Timeline(start: 0)
    let kept = Trace(timeline, isTold: true)
    for (moment, name) in [(30, "d"), (10, "a"), (20, "b"), (20, "c"), (-5, "now")] {
      timeline.at(Int64(moment)) { kept.note(name) }
    }
    while timeline.step(before: 30) {}
    #expect(
      kept.story.map { $0.split(separator: " ").map(String.init) } == [
        ["0.000", "now"], ["0.010", "a"], ["0.020", "b"], ["0.020", "c"],
      ])
    #expect(timeline.now == 20)
  }

  @Test(
    "are answers to deliveries read as a sidecar reads them",
    arguments: [
      (200, #"{"statuses":[{"entryId":"0","status":"SUCCESS"},{"entryId":"1","status":"RETRY"}]}"#, "SUCCESS RETRY", true),
      (200, #"{"statuses":[{"entryId":"1","status":"DROP"}]}"#, "RETRY DROP", false),
      (200, #"{"statuses":[{"entryId":"0","status":"SUCCESS"},{"entryId":"0","status":"SUCCESS"}]}"#, "SUCCESS RETRY", false),
      (200, #"{"statuses":[{"entryId":"0","status":"WELL"},{"entryId":"1","status":"SUCCESS"}]}"#, "RETRY SUCCESS", false),
      (200, "", "SUCCESS SUCCESS", false), (500, "", "RETRY RETRY", false), (404, "", "DROP DROP", false),
    ])
  func statuses(_ status: Int, _ body: String, _ words: String, _ isWhole: Bool) {
    let read = Statuses(HTTPResponse(status: status, body: Array(body.utf8)), count: 2, isBulk: true)
    #expect(read.words.map(\.rawValue).joined(separator: " ") == words)
    #expect(read.isWhole == isWhole)
  }
}
