import DaprClient
import HTTPServer
import JSON
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("A rebuild of standings")
struct StandingsRebuildTests {
  /// Thirty students in cohorts a and b, one of them moved from a to b, and one without a cohort; all of it in the standings.
  private func stand() async -> Stand {
    let stand = Stand()
    let exercises = (0..<30).map { Wrapped.exercise("e\($0)", of: "s\($0)", metadata: #"{"cohort_id":"\#($0 % 2 == 0 ? "a" : "b")"}"#) }
    _ = await stand.deliver(exercises + [Wrapped.exercise("alone", of: "alone")])
    _ = await stand.deliver([Wrapped.exercise("moved", of: "s0", at: "2026-03-11T08:00:00Z", metadata: #"{"cohort_id":"b"}"#)])
    let results = stand.sidecar.published(to: Topic.standings).map { String(decoding: $0, as: UTF8.self) }
    let body = Wrapped.bulk(results.enumerated().map { ("\($0.offset)", $0.element) })
    #expect(Set(await stand.deliver(Array(body.utf8), to: Topic.standings).values) == ["SUCCESS"])
    return stand
  }

  private func rebuild(_ stand: Stand, cohorts: [String] = []) async throws -> StandingsRebuild.Report {
    let clock = stand.clock
    let runtime = Runtime(now: { clock.now }, sleep: { clock.slept($0) }, random: { 0 })
    let rebuild = StandingsRebuild(
      sidecar: stand.sidecar, retentionDays: 90, scoring: .latest, runtime: runtime, log: Log(level: .error, format: .json) { _ in })
    return try await rebuild.run(school: nil, cohorts: cohorts.map { try #require(CohortID($0)) })
  }

  private func standings(_ stand: Stand) -> [String: [UInt8]] {
    let keys = stand.sidecar.keys.filter { $0.contains(":standing:") }
    return Dictionary(uniqueKeysWithValues: keys.map { ($0, stand.sidecar.stored($0)?.value ?? []) })
  }

  @Test("A rebuild of standings changes nothing if all is right")
  func right() async throws {
    let stand = await stand()
    let before = standings(stand)
    #expect(try await rebuild(stand, cohorts: ["a", "b", "nobody"]) == .init(students: 31, removed: 0, undone: 0))
    #expect(standings(stand) == before)
  }

  @Test("A rebuild restores lost cohorts from the school, and a lost school from its cohorts")
  func lost() async throws {
    let stand = await stand()
    let before = standings(stand)
    for key in before.keys where !key.hasPrefix("cohort:_school") { try await stand.sidecar.delete(key, etag: nil, context: CallContext()) }
    #expect(try await rebuild(stand).students == 31)
    #expect(standings(stand) == before)
    for key in before.keys where key.hasPrefix("cohort:_school") { try await stand.sidecar.delete(key, etag: nil, context: CallContext()) }
    #expect(try await rebuild(stand, cohorts: ["a", "b"]).students == 30)
    let counts = ["a": 14, "b": 16, "_school": 30]
    for (cohort, count) in counts {
      #expect(try ReadJSON.data(await stand.ask("GET", "/cohorts/\(cohort)/summary").body)["students"] as? Int == count)
    }
  }

  @Test("A rebuild trusts documents, not standings")
  func wrong() async throws {
    let stand = await stand()
    let before = standings(stand)
    let group = StandingGroup(school: nil, cohort: CohortID("a"))
    let (liar, ghost) = (try Stand.key("s2").student, try #require(StudentID("ghost")))
    for student in [liar, ghost] {
      let key = group.shardKey(of: student).stateKey
      let stored = stand.sidecar.stored(key)?.value
      let read = try stored.map { try JSONDocument.parse($0) { (root) throws(DocumentFault) in try StandingShard(root) } }
      var shard = read ?? StandingShard()
      let lie = Standing(
        version: DocumentVersion(epoch: .max, revision: 9), at: Stand.noonTime,
        mastery: ShownMastery(score: 999, level: .expert, components: ComponentValues()))
      shard.merge(.member(lie), of: student) { $0.text }
      stand.sidecar.put(shard.bytes, at: key)
    }
    #expect(try await rebuild(stand, cohorts: ["a"]) == .init(students: 31, removed: 1, undone: 0))
    #expect(standings(stand).filter { before[$0.key] != nil } == before)
    #expect(try ReadJSON.data(await stand.ask("GET", "/cohorts/a/summary").body)["students"] as? Int == 14)
  }

  @Test("A rebuild says how many shards it could not write, and fails if it cannot read")
  func outage() async throws {
    let stand = await stand()
    for key in standings(stand).keys where key.hasPrefix("cohort:a:") {
      try await stand.sidecar.delete(key, etag: nil, context: CallContext())
    }
    stand.sidecar.always(.failed(.timedOut), where: \.isSave)
    #expect(try await rebuild(stand).undone > 0)
    stand.sidecar.always(.failed(.timedOut), where: \.isLoad)
    await #expect(throws: SidecarFailure.self) { try await rebuild(stand) }
  }
}
