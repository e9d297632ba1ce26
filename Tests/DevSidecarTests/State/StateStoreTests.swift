import Encodings
import Testing

@testable import DevSidecar

/// What the recordings cannot show, with time passed in.
@Suite("The state store")
struct StateStoreTests {
  static func store(_ profile: DevSidecarSettings.Profile) throws -> StateStore {
    let engine: any StateEngine = profile == .sqlite ? try SQLiteEngine(path: ":memory:") : MemoryEngine()
    return StateStore(rules: StateRules(profile: profile), engine: engine, appID: "app", random: RandomBits(seed: 1))
  }

  private func request(_ key: String, _ value: String?, _ lifetime: StateRequest.Lifetime = .unsaid, etag: String? = nil) -> StateRequest {
    StateRequest(key: key, value: value.map { Array($0.utf8) }, etag: etag, lifetime: lifetime)
  }

  @Test("A stored value exists until its lifetime ends, and not after", arguments: DevSidecarSettings.Profile.allCases)
  func lifetime(_ profile: DevSidecarSettings.Profile) throws {
    var store = try Self.store(profile)
    let refusals = try store.save([request("k", "1", .seconds(2))], now: 1000)
    #expect(refusals == [])
    #expect(try store.get("k", now: 2999)?.expires == 3000)
    #expect(try store.get("k", now: 3000) == nil)
    var again = request("k", "2")
    again.isFirstWrite = true
    let refusedAgain = try store.save([again], now: 3000)
    #expect(refusedAgain == [], "an ended value must not hinder a first write")
  }

  @Test("A write without a lifetime removes the former one, except on Redis", arguments: DevSidecarSettings.Profile.allCases)
  func unsaid(_ profile: DevSidecarSettings.Profile) throws {
    var store = try Self.store(profile)
    _ = try store.save([request("k", "1", .seconds(2))], now: 0)
    _ = try store.save([request("k", "2")], now: 1)
    #expect(try store.get("k", now: 1)?.expires == (profile == .redis ? 2000 : nil))
    _ = try store.save([request("k", "3", .endless)], now: 2)
    #expect(try store.get("k", now: 2)?.expires == nil)
  }

  @Test("Expired values are swept out of the engine")
  func sweep() throws {
    var memory = MemoryEngine()
    var sqlite = try SQLiteEngine(path: ":memory:")
    func check(_ engine: inout some StateEngine) throws {
      let version = Bits128(high: 0, low: 1)
      try engine.put(StateEntry(value: [49], version: version, expires: 5), under: "ends")
      try engine.put(StateEntry(value: [], version: version, expires: nil), under: "stays")
      try engine.sweep(before: 5)
      #expect(try engine.entry("ends") == nil)
      #expect(try engine.entry("stays") == StateEntry(value: [], version: version, expires: nil))
    }
    try check(&memory)
    try check(&sqlite)
  }

  @Test("A refused transaction leaves everything as it was, except on Redis", arguments: DevSidecarSettings.Profile.allCases)
  func transaction(_ profile: DevSidecarSettings.Profile) throws {
    var store = try Self.store(profile)
    _ = try store.save([request("a", "1"), request("b", "1")], now: 0)
    let before = (try store.get("a", now: 0), try store.get("b", now: 0))
    let stale = profile == .redis ? "7" : Bits128(high: 7, low: 7).uuid
    let refusal = try store.transact([request("a", "2"), request("b", nil), request("c", "2"), request("a", "3", etag: stale)], now: 0)
    #expect(refusal != nil)
    if profile == .redis {
      #expect(try store.get("a", now: 0)?.value == Array("2".utf8))
      #expect(try store.get("b", now: 0) == nil)
      #expect(try store.get("c", now: 0) != nil)
    } else {
      #expect(try store.get("a", now: 0) == before.0)
      #expect(try store.get("b", now: 0) == before.1)
      #expect(try store.get("c", now: 0) == nil)
    }
  }

  @Test("Of several writers of a key with the same ETag one wins", arguments: DevSidecarSettings.Profile.allCases)
  func race(_ profile: DevSidecarSettings.Profile) throws {
    var store = try Self.store(profile)
    _ = try store.save([request("k", "0")], now: 0)
    let seen = store.rules.etag(try #require(try store.get("k", now: 0)).version)
    let won = try store.save([request("k", "1", etag: seen)], now: 0)
    #expect(won == [])
    let lost = try store.save([request("k", "2", etag: seen)], now: 0)
    #expect(lost.count == 1)
    #expect(try store.get("k", now: 0)?.value == Array("1".utf8))
  }

  @Test("A UUID reads back as what it was written from")
  func uuid() {
    let bits = Bits128(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210)
    #expect(bits.uuid == "01234567-89ab-cdef-fedc-ba9876543210")
    #expect(Bits128(uuid: bits.uuid) == bits)
    #expect(Bits128(uuid: "01234567-89ab-cdef-fedc-ba987654321") == nil)
    #expect(Bits128(uuid: "01234567x89ab-cdef-fedc-ba9876543210") == nil)
  }
}
