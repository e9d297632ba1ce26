import DaprClient
import HTTPServer
import MasteryCore
import Simulation
import Synchronization
import Testing

@testable import MasteryService

@Suite("An erasure that meets a write of the same student")
struct ErasureScheduleTests {
  private static let key = "student:s-1:profile:current_mastery"

  /// The values of a store with the student's document, and a trail so long that the next write moves it into a piece, or none.
  private static func known(records: Int) async throws -> [String: [UInt8]] {
    let stand = Stand.production()
    _ = await stand.deliver([Wrapped.exercise("e-1")])
    for number in 0..<records { stand.service.audit.record(try AuditTests.record("c-\(number)", of: "s-1", bytes: 900)) }
    #expect(await stand.service.audit.drain(within: 1) == 0)
    return try values(stand)
  }

  private static func values(_ stand: Stand) throws -> [String: [UInt8]] {
    Dictionary(uniqueKeysWithValues: try stand.sidecar.keys.map { ($0, try #require(stand.sidecar.stored($0)).value) })
  }

  /// Runs an erasure by one replica against another replica's work, in every order of their calls on the student's document and on the
  /// other given keys.
  ///
  /// - Returns: How many orders there were.
  private static func every(
    _ profile: StoreProfile, _ known: [String: [UInt8]], about keys: String..., steps: Int,
    _ other: @escaping @Sendable (Stand) async -> Void, check: (SimulatedStore) -> Void
  ) async throws -> Int {
    let schedule = Schedule(limit: steps)
    let student = try Stand.key("s-1")
    var orders = 0
    repeat {
      orders += 1
      let store = SimulatedStore(profile)
      for (key, value) in known { store.put(value, at: key) }
      let stands = (0..<2).map { Stand.production(sidecar: SimulatedSidecar(store: store), seed: UInt64($0 + 1)) }
      for (walk, stand) in stands.enumerated() {
        let isAside = Mutex(false)
        stand.sidecar.play { call in
          // Calls while other stores are cleaned do not matter here.
          let isStep = isAside.withLock { isAside in
            guard call.isLoad || call.isSave, !call.touches("forgotten:") || keys.contains("forgotten:") else { return false }
            let isDocument = call.touches(key)
            isAside = !keys.contains(where: call.touches) && (isDocument ? isAside && call.isLoad : true)
            return !isAside
          }
          if isStep { await schedule.turn(walk) }
          return .done
        }
      }
      async let report: Erasure.Report? = {
        defer { schedule.end(0) }
        return try? await stands[0].service.requests.services.erasure.erase(student, now: Stand.noonTime, context: CallContext())
      }()
      async let walk: Void = {
        await other(stands[1])
        schedule.end(1)
      }()
      #expect(await report != nil)
      await walk
      check(store)
    } while schedule.advance()
    return orders
  }

  private static func traces(_ store: SimulatedStore) -> [String] {
    store.keys.filter { String(decoding: store.stored($0)?.value ?? [], as: UTF8.self).contains("s-1") }
  }

  @Test("An erasure and a write of the trail bring nothing back, in any order of their steps", arguments: StoreProfile.allCases, [0, 40])
  func trail(_ profile: StoreProfile, _ records: Int) async throws {
    let known = try await Self.known(records: records)
    let orders = try await Self.every(profile, known, about: "student:s-1:audit", steps: records == 0 ? 3 : 4) { stand in
      guard let record = try? AuditTests.record("c-last", of: "s-1") else { return }
      stand.service.audit.record(record)
      while await stand.service.audit.drain(within: 1) > 0 {}
    } check: { store in
      #expect(Self.traces(store).isEmpty)
    }
    #expect(orders > 80)
  }

  @Test("An erasure and an event bring nothing back, in any order of their steps", arguments: StoreProfile.allCases)
  func event(_ profile: StoreProfile) async throws {
    let orders = try await Self.every(profile, try await Self.known(records: 0), about: "student:s-1:audit", steps: 2) { stand in
      #expect(await stand.deliver([Wrapped.exercise("e-2", at: "2026-03-14T08:00:00Z")]) == ["0": "SUCCESS"])
    } check: { store in
      #expect(Self.traces(store).isEmpty)
    }
    #expect(orders > 20)
  }

  @Test(
    "An erasure and a late result bring nothing back, in any order of their steps", arguments: StoreProfile.allCases,
    [(true, false), (false, false), (false, true)])
  func result(_ profile: StoreProfile, _ situation: (isKnown: Bool, isDamaged: Bool)) async throws {
    let stand = Stand.production()
    // A damaged document does not say in which second it was made.
    stand.clock.step(-3_600_000)
    _ = await stand.deliver([Wrapped.exercise("e-1", metadata: #"{"cohort_id":"c-1"}"#)])
    let result = try #require(stand.sidecar.published(to: Topic.standings).last)
    if situation.isKnown { #expect(await stand.deliver(result, to: Topic.standings) == ["": "SUCCESS"]) }
    if situation.isDamaged { stand.sidecar.put(Array("{".utf8), at: Self.key) }
    let orders = try await Self.every(profile, try Self.values(stand), about: "cohort:", steps: 3) { stand in
      while await stand.deliver(result, to: Topic.standings) != ["": "SUCCESS"] {}
    } check: { store in
      #expect(Self.traces(store).isEmpty)
    }
    // A statement that changes nothing is not saved.
    #expect(orders > (situation.isKnown ? 5 : 20))
  }

  @Test("An erasure leaves the student in no earlier batch, in any order of their steps", arguments: StoreProfile.allCases)
  func batch(_ profile: StoreProfile) async throws {
    let token = Bearer.header(try Bearer.token("a-1", "admin"))
    let orders = try await Self.every(
      profile, try await Self.known(records: 0), about: "student:s-1:batches", "batch:", steps: 3
    ) { stand in
      let batch = #"{"requests":[{"student_id":"s-1"}],"async":true}"#
      let status = await stand.ask("POST", "/batch/mastery", batch, [token]).status
      #expect([202, 503].contains(status))
      for order in stand.sidecar.published(to: "mastery.batch.normal") {
        for _ in 0..<2 { _ = await stand.deliver(order, to: "mastery.batch.normal") }
      }
    } check: { store in
      #expect(Self.traces(store).isEmpty)
    }
    #expect(orders > 100)
  }

  @Test(
    "An erasure and a letter without an owner that names the student bring nothing back, in any order of their steps",
    arguments: StoreProfile.allCases)
  func unowned(_ profile: StoreProfile) async throws {
    let wrong = Wrapped.exercise("e-9", metadata: #"{"school_id":"no such id!"}"#)
    let letter = Array(Wrapped.bulk([("0", Wrapped.cloudEvent(wrong))]).utf8)
    let orders = try await Self.every(
      profile, try await Self.known(records: 0), about: "forgotten:", "dlq:none", steps: 3
    ) { stand in
      while await stand.deliver(letter, to: Topic.deadLetters) != ["0": "SUCCESS"] {}
    } check: { store in
      #expect(Self.traces(store).isEmpty, "\(Self.traces(store))")
    }
    #expect(orders > 20)
  }

  @Test("An erasure leaves withdrawn consent withdrawn, in any order of their steps", arguments: StoreProfile.allCases)
  func consent(_ profile: StoreProfile) async throws {
    let token = Bearer.header(try Bearer.token("a-1", "admin"))
    let orders = try await Self.every(profile, try await Self.known(records: 0), about: "student:s-1:audit", steps: 2) { stand in
      #expect(await stand.ask("PUT", "/student/s-1/consent", #"{"granted":false}"#, [token]).status == 200)
    } check: { store in
      let text = String(decoding: store.stored(Self.key)?.value ?? [], as: UTF8.self)
      #expect(text.contains(#""granted":false"#) && text.contains("erased_at") && !text.contains("e-1"))
    }
    #expect(orders > 20)
  }
}

extension SidecarCall {
  /// Whether it reads or writes a key with that prefix.
  func touches(_ prefix: String) -> Bool {
    switch self {
    case .load(let keys): keys.contains { $0.hasPrefix(prefix) }
    case .save(let items): items.contains { $0.key.hasPrefix(prefix) }
    default: false
    }
  }
}
