import DaprClient
import HTTPServer
import JSON
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

  /// As recorded: stale ETag, first write over an existing value, ETag for a key that is gone.
  @Test(
    "Simulated stores refuse writes as the real ones do",
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

  private static let text = Array(#"{"x":0.123456789,"a":1}"#.utf8)

  /// What a bulk get and a get of the key alone return for a stored value.
  private static func answers(_ form: StoredForm, _ value: [UInt8], isEncrypted: Bool, _ profile: StoreProfile = .memory) async -> [String]
  {
    let sidecar = SimulatedSidecar(store: SimulatedStore(profile, isEncrypted: isEncrypted))
    sidecar.put(value, at: "k", as: form)
    sidecar.put(Self.text, at: "other")
    var said: [String] = []
    let context = CallContext()
    do throws(SidecarFailure) {
      let loaded = try await sidecar.bulkGet(["other", "k"], context: context) { _, value in value.compactBytes }
      guard case .value = loaded[0].state else { return ["the other key is not answered"] }
      said.append(word(loaded[1].state))
    } catch {
      said.append(word(error))
    }
    do throws(SidecarFailure) {
      said.append(word(try await sidecar.get("k", context: context) { $0.compactBytes }))
    } catch {
      said.append(word(error))
    }
    return said
  }

  private static func word(_ state: Loaded<[UInt8]>.State) -> String {
    switch state {
    case .missing: "missing"
    case .value(let text, _): String(decoding: text, as: UTF8.self)
    case .failed: "failed"
    case .unreadable(_, let etag): etag == nil ? "unreadable" : "unreadable, with an ETag"
    }
  }

  private static func word(_ failure: SidecarFailure) -> String {
    switch failure {
    case .broken: "closed"
    case .spoiled: "empty"
    default: "\(failure)"
    }
  }

  /// As recorded for values sent as strings and as objects, plain and encrypted, and for encryption keys that are gone or have changed.
  @Test("Simulated stores return their values as the real ones do")
  func forms() async {
    let whole = String(decoding: Self.text, as: UTF8.self)
    let torn = Array(#"{"x":0.1"#.utf8)
    let unreadable = "unreadable, with an ETag"
    for isEncrypted in [false, true] {
      #expect(await Self.answers(.text, Self.text, isEncrypted: isEncrypted) == [whole, whole])
    }
    #expect(await Self.answers(.object, Self.text, isEncrypted: false) == [whole, whole])
    #expect(await Self.answers(.object, Self.text, isEncrypted: false, .redis) == [#"{"a":1,"x":0.123457}"#, #"{"a":1,"x":0.123457}"#])
    #expect(await Self.answers(.object, Self.text, isEncrypted: true) == ["empty", unreadable])
    #expect(await Self.answers(.text, torn, isEncrypted: false) == [unreadable, unreadable])
    #expect(await Self.answers(.text, torn, isEncrypted: true) == ["empty", unreadable])
    #expect(await Self.answers(.foreign, torn, isEncrypted: false) == ["empty", unreadable])
    #expect(await Self.answers(.foreign, torn, isEncrypted: true) == ["closed", "closed"])
    #expect(await Self.answers(.lost, torn, isEncrypted: true) == ["closed", "closed"])
    #expect(await Self.answers(.sealed, torn, isEncrypted: true) == [unreadable, "unreadable"])
    #expect(await Self.answers(.sealed, torn, isEncrypted: false) == ["empty", unreadable])
  }

  @Test("A simulated component has one bulk delivery in flight at a time, and the others take their turns in order")
  func turns() {
    let turn = BrokerState.Turn(component: "pubsub", replica: 1)
    var state = BrokerState()
    for serial in 1...4 { state.flights[serial] = BrokerState.Flight(serial: serial, queue: 0, messages: []) }
    let taken = (1...3).map { state.takes(turn, for: $0) }
    #expect(taken == [true, false, false])
    // Another replica or component has a turn of its own.
    let others = [("pubsub", 2), ("pubsub-own", 1)].map { state.takes(BrokerState.Turn(component: $0.0, replica: $0.1), for: 4) }
    #expect(others == [true, true])
    let second = state.giveBack(1, turn)
    #expect(second == 2 && state.flights[1]?.turn == nil && state.flights[2]?.turn == turn)
    let third = state.giveBack(2, turn)
    let none = state.giveBack(3, turn)
    #expect(third == 3 && none == nil && state.lines[turn] == nil)
    let again = state.takes(turn, for: 1)
    #expect(again)
  }

  @Test("Simulated values expire")
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

  @Test("Simulated values keep their expiry if they are overwritten without the sidecar")
  func foreignLifetimes() {
    let timeline = Timeline(start: 1_000)
    let store = SimulatedStore { timeline.now }
    _ = store.save(Self.item(.absent, secondsToLive: 2))
    timeline.at(1_700) { store.put(Array("2".utf8), at: "k") }
    timeline.at(2_999) {}
    timeline.at(3_000) {}
    #expect(timeline.step(before: 10_000) && timeline.step(before: 10_000) && store.stored("k")?.value == Array("2".utf8))
    #expect(timeline.step(before: 10_000) && store.stored("k") == nil)
    // A value written to an empty key stays.
    store.put(Array("3".utf8), at: "k")
    timeline.at(9_999) {}
    #expect(timeline.step(before: 10_000) && store.stored("k")?.value == Array("3".utf8))
  }

  @Test("A simulated timeline runs its appointments in order of time, then in the order they were scheduled")
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
    "Answers to simulated deliveries are read as a sidecar reads them",
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
