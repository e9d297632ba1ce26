import DaprClient
import HTTPServer
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("The order of standings within a delivery")
struct StandingOrderTests {
  /// A student in the same shard of each cohort as ada, but in another one of the school.
  private func neighbour(of ada: StudentID) throws -> StudentID {
    func shardKeys(_ student: StudentID) -> [ShardKey] {
      ["d", nil].map { StandingGroup(school: nil, cohort: $0.flatMap(CohortID.init)).shardKey(of: student) }
    }
    let own = shardKeys(ada)
    return try #require(
      (0..<10_000).compactMap { StudentID("n\($0)") }.first { shardKeys($0)[0] == own[0] && shardKeys($0)[1] != own[1] })
  }

  /// An update that names cohort d: school, student, epoch, revision, time, mastery, level, four components, cohort.
  private func update(_ student: StudentID) -> String {
    #"[null,"\#(student.text)",\#(Stand.noon / 1_000),1,\#(Stand.noon),400,1,null,1000,null,1000,"d"]"#
  }

  private func deliver(_ updates: [String], to stand: Stand) async -> [String: String] {
    let body = Wrapped.cloudEvent(#"{"event_type":"standings.changed","updates":[\#(updates.joined(separator: ","))]}"#)
    return await stand.deliver(Array(Wrapped.bulk([("0", body)]).utf8), to: Topic.standings)
  }

  /// A stand on which ada, of cohort c, has been erased; cohort d knows nothing of her.
  private func stand() async throws -> Stand {
    let stand = Stand { $0.jwtSecret = Bearer.secret }
    _ = await stand.deliver([Wrapped.exercise("e-1", of: "ada", metadata: #"{"cohort_id":"c"}"#)])
    for message in stand.sidecar.published(to: Topic.standings) {
      #expect(await stand.deliver(message, to: Topic.standings) == ["": "SUCCESS"])
    }
    let admin = Bearer.header(try Bearer.token("a", "admin"))
    #expect(await stand.ask("DELETE", "/student/ada", "", [admin]).status == 200)
    return stand
  }

  @Test("A late result of an erased student gets into no cohort, whoever comes before it in the delivery")
  func schoolFirst() async throws {
    let stand = try await stand()
    let ada = try #require(StudentID("ada"))
    let other = try neighbour(of: ada)
    #expect(await deliver([update(other), update(ada)], to: stand) == ["0": "SUCCESS"])
    let summary = try ReadJSON.data(await stand.ask("GET", "/cohorts/d/summary").body)
    #expect(summary["at_risk"] as? [String] == [other.text])
  }

  @Test("A result waits for its cohort while the shard of the school, which knows who was erased, cannot be read")
  func schoolUnread() async throws {
    let stand = try await stand()
    let ada = try #require(StudentID("ada"))
    let other = try neighbour(of: ada)
    let school = StandingGroup(school: nil, cohort: nil).shardKey(of: ada).stateKey
    stand.sidecar.always(.partly(without: [school]), where: \.isLoad)
    let published = stand.sidecar.published(to: Topic.standings).count
    #expect(await deliver([update(other), update(ada)], to: stand) == ["0": "SUCCESS"])
    // Both go to the end of the topic again, although the other one is already known.
    #expect(stand.sidecar.published(to: Topic.standings).count == published + 1)
    stand.sidecar.recover()
    let summary = try ReadJSON.data(await stand.ask("GET", "/cohorts/d/summary").body)
    #expect(summary["at_risk"] as? [String] == [other.text])
    #expect(await stand.deliver(try #require(stand.sidecar.published(to: Topic.standings).last), to: Topic.standings) == ["": "SUCCESS"])
    #expect(try ReadJSON.data(await stand.ask("GET", "/cohorts/d/summary").body)["students"] as? Int == 1)
  }
}
