import DaprClient
import Foundation
import HTTPServer
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("Standings")
struct StandingTests {
  /// Delivers all updates of standings to the service, as the broker does, or those from a message on.
  private func settle(_ stand: Stand, _ random: SeededGenerator? = nil, from first: Int = 0) async -> Set<String> {
    let messages = stand.sidecar.published(to: Topic.standings).dropFirst(first).map { String(decoding: $0, as: UTF8.self) }
    let turns = messages.indices.map { index in random?.draw(0..<1_000_000) ?? index }
    let order = messages.indices.sorted { turns[$0] < turns[$1] }
    let body = Wrapped.bulk(order.map { ("\($0)", messages[$0]) })
    return Set(await stand.deliver(Array(body.utf8), to: Topic.standings).values)
  }

  /// Quizzes of a student with a cohort.
  private static func quiz(_ student: String, _ correct: Int, cohort: String?, on day: Int = 10, school: String? = nil) -> String {
    let names = [cohort.map { #""cohort_id":"\#($0)""# }, school.map { #""school_id":"\#($0)""# }].compactMap(\.self)
    return #"{"event_id":"\#(student)-\#(day)","event_type":"quiz","timestamp":"2026-03-\#(day)T08:00:00Z","student_id":"\#(student)","#
      + #""data":{"total_questions":10,"correct_answers":\#(correct)},"metadata":{\#(names.joined(separator: ","))}}"#
  }

  /// Four students of cohort c: quizzes at 0.2, 0.5, 0.5 and 1, and consistency at 1, make 0.16, 0.25, 0.25 and 0.4; one of cohort d at 0.1.
  private func stand() async -> Stand {
    let stand = Stand { $0.jwtSecret = Bearer.secret }
    _ = await stand.deliver([
      Self.quiz("ada", 10, cohort: "c"), Self.quiz("bo", 5, cohort: "c"), Self.quiz("carla", 5, cohort: "c"),
      Self.quiz("dan", 2, cohort: "c"), Self.quiz("eve", 0, cohort: "d"),
    ])
    #expect(await settle(stand) == ["SUCCESS"])
    return stand
  }

  private func compare(_ stand: Stand, _ body: String, _ fields: [HTTPField] = []) async throws -> String {
    try ReadJSON.canonical(try ReadJSON.data(await stand.ask("POST", "/analytics/compare", body, fields).body))
  }

  @Test("A comparison of a student with the cohort has the values worked out by hand")
  func cohort() async throws {
    // One is below and two are equal, which count half: (1 + 1) / 4; one is above; the mean of the four is 0.265, the median 0.25.
    #expect(
      try await compare(await stand(), #"{"student_id":"bo"}"#)
        == #"{"as_of":"2026-03-15T12:00:00Z","cohort_average":0.265,"cohort_id":"c","cohort_median":0.25,"percentile":50,"ranking":2,"#
        + #""scope":"cohort","student_id":"bo","student_score":0.25,"total_students":4}"#)
  }

  @Test("A comparison by component counts a missing one as 0")
  func components() async throws {
    let data = try ReadJSON.data(
      await stand().ask("POST", "/analytics/compare", #"{"student_id":"dan","cohort_id":"c","metric":"by_component"}"#).body)
    let components = try #require(data["by_component"] as? [String: [String: Double]])
    #expect(components["quiz"] == ["student_score": 0.2, "cohort_average": 0.55, "cohort_median": 0.5, "percentile": 12.5, "ranking": 4])
    #expect(components["quality"] == ["student_score": 0, "cohort_average": 0, "cohort_median": 0, "percentile": 50, "ranking": 1])
  }

  @Test("A comparison can be with the school or with the teacher's class")
  func scopes() async throws {
    let stand = await stand()
    #expect(try await compare(stand, #"{"student_id":"eve","scope":"school"}"#).contains(#""ranking":5"#))
    let teacher = Bearer.header(try Bearer.token("t", "teacher", students: ["ada", "eve", "nobody"]))
    let answer = try await compare(stand, #"{"student_id":"eve","scope":"class"}"#, [teacher])
    #expect(answer.contains(#""ranking":2"#) && answer.contains(#""total_students":2"#) && answer.contains(#""percentile":25"#))
    #expect(await stand.ask("POST", "/analytics/compare", #"{"student_id":"eve","scope":"class"}"#).status == 403)
    for body in [#"{"student_id":"eve","cohort_id":"c"}"#, #"{"student_id":"nobody"}"#] {
      #expect(await stand.ask("POST", "/analytics/compare", body).status == 404)
    }
    #expect(await stand.ask("POST", "/analytics/compare", #"{"student_id":"eve","cohort_id":"d","scope":"school"}"#).status == 400)
  }

  @Test("A comparison uses the newest state of the asking student, whatever the results have told")
  func newest() async throws {
    let stand = await stand()
    _ = await stand.deliver([Self.quiz("dan", 10, cohort: "c", on: 11)])
    #expect(try await compare(stand, #"{"student_id":"dan"}"#).contains(#""ranking":1,"#))
    #expect(try await compare(stand, #"{"student_id":"ada"}"#).contains(#""cohort_average":0.265"#))
    #expect(await settle(stand) == ["SUCCESS"])
    #expect(try await compare(stand, #"{"student_id":"ada"}"#).contains(#""cohort_average":0.325"#))
  }

  @Test("A comparison says when its standings are from, and the metrics say how far they lag")
  func asOf() async throws {
    let stand = await stand()
    let known = stand.sidecar.published(to: Topic.standings).count
    stand.clock.step(1_000)
    _ = await stand.deliver([Self.quiz("bo", 10, cohort: "c", on: 11)])
    for (scope, moment) in [("cohort", 0), ("class", 1)] {
      let teacher = Bearer.header(try Bearer.token("t", "teacher", students: ["ada", "bo"], at: stand.clock.now.milliseconds))
      let answer = try await compare(stand, #"{"student_id":"ada","scope":"\#(scope)"}"#, [teacher])
      #expect(answer.contains(#""as_of":"2026-03-15T12:00:0\#(moment)Z""#), "\(answer)")
    }
    stand.clock.step(3_000)
    #expect(await settle(stand, from: known) == ["SUCCESS"])
    #expect(try await compare(stand, #"{"student_id":"ada"}"#).contains(#""as_of":"2026-03-15T12:00:01Z""#))
    #expect(await stand.ask("GET", "/metrics").text.contains("\nmastery_standings_lag_seconds 3\n"))
  }

  @Test("A summary of a cohort has the values worked out by hand")
  func summary() async throws {
    let stand = await stand()
    let summary = try ReadJSON.canonical(try ReadJSON.data(await stand.ask("GET", "/cohorts/c/summary").body))
    // Sorted: 0.16, 0.25, 0.25, 0.4; the quartiles are at ranks 0.75, 1.5 and 2.25.
    #expect(
      summary
        == #"{"as_of":"2026-03-15T12:00:00Z","at_risk":["dan","bo","carla","ada"],"average":0.265,"cohort_id":"c","#
        + #""levels":{"beginner":3,"competent":0,"#
        + #""developing":1,"expert":0,"proficient":0},"median":0.25,"quartiles":[0.228,0.25,0.288],"students":4}"#)
    #expect(try ReadJSON.data(await stand.ask("GET", "/api/v1/cohorts/_school/summary").body)["students"] as? Int == 5)
    #expect(await stand.ask("GET", "/cohorts/x/summary").status == 404)
    #expect(await stand.ask("GET", "/cohorts/a b/summary").status == 400)
    let teacher = Bearer.header(try Bearer.token("t", "teacher", students: ["bo", "eve"]))
    #expect(try ReadJSON.data(await stand.ask("GET", "/cohorts/c/summary", "", [teacher]).body)["at_risk"] as? [String] == ["bo"])
    let process = #"{"intent":"analytics_query","payload":{"type":"cohort","cohort_id":"c"}}"#
    #expect(try ReadJSON.canonical(try ReadJSON.data(await stand.ask("POST", "/process", process).body)) == summary)
  }

  @Test("A summary that names students at risk is on record for each of them")
  func audit() async throws {
    let stand = await stand()
    let fields = [
      Bearer.header(try Bearer.token("t", "teacher", students: ["bo", "dan", "eve"])), HTTPField("X-Correlation-ID", "summary"),
    ]
    #expect(await stand.ask("GET", "/cohorts/c/summary", "", fields).status == 200)
    let records = try AuditTests.logged(stand)["summary"] ?? []
    #expect(records.map { $0["student_id"] as? String } == ["dan", "bo"])
    #expect(records.allSatisfy { $0["action"] as? String == "cohort_summary" && $0["outcome"] as? String == "allowed" })
  }

  @Test("Standings are the same after redelivery and in any order, even if the cohort changes", arguments: 0..<20 as Range<UInt64>)
  func order(seed: UInt64) async throws {
    func deliver(_ stand: Stand) async {
      for day in 10...14 {
        let cohort = ["c", "d", "c", "e", "d"][day - 10]
        _ = await stand.deliver([
          Self.quiz("ada", day - 9, cohort: cohort, on: day), Self.quiz("bo", day - 8, cohort: "c", on: day),
          Self.quiz("n", 1, cohort: cohort, on: day, school: "north"),
        ])
      }
    }
    let (plain, shuffled) = (Stand(), Stand())
    await deliver(plain)
    await deliver(shuffled)
    #expect(await settle(plain) == ["SUCCESS"])
    let random = SeededGenerator(seed: seed)
    for _ in 0..<3 { #expect(await settle(shuffled, random) == ["SUCCESS"]) }
    func standings(_ stand: Stand) -> [String: [UInt8]] {
      Dictionary(
        uniqueKeysWithValues: stand.sidecar.keys.filter { $0.contains(":standing:") }.map { ($0, stand.sidecar.stored($0)?.value ?? []) })
    }
    #expect(standings(plain) == standings(shuffled) && !standings(plain).isEmpty)
    // Ada is in d now, and nowhere else.
    for (cohort, students) in [("c", 1), ("d", 1), ("e", 0)] {
      let response = await plain.ask("GET", "/cohorts/\(cohort)/summary")
      #expect(response.status == (students > 0 ? 200 : 404))
      if students > 0 { #expect(try ReadJSON.data(response.body)["students"] as? Int == students) }
    }
    let north = try ReadJSON.data(await plain.ask("GET", "/cohorts/d/summary", "", [HTTPField("X-School-ID", "north")]).body)
    #expect(north["at_risk"] as? [String] == ["n"])
  }

  @Test("Standings that two replicas write at the same time lose nothing", arguments: 0..<20 as Range<UInt64>)
  func replicas(seed: UInt64) async throws {
    let sidecar = SimulatedSidecar(store: SimulatedStore(seed.isMultiple(of: 2) ? .memory : .redis))
    let stands = [Stand(sidecar: sidecar, seed: seed), Stand(sidecar: sidecar, seed: seed + 99)]
    _ = await stands[0].deliver((0..<60).map { Self.quiz("s\($0)", $0 % 11, cohort: "c") })
    let messages = sidecar.published(to: Topic.standings).map { String(decoding: $0, as: UTF8.self) }
    await withTaskGroup(of: Void.self) { group in
      for start in stride(from: 0, to: messages.count, by: 2) {
        let stand = stands[start / 2 % 2]
        let body = Wrapped.bulk((start..<min(start + 2, messages.count)).map { ("\($0)", messages[$0]) })
        group.addTask { while Set(await stand.deliver(Array(body.utf8), to: Topic.standings).values) != ["SUCCESS"] {} }
      }
    }
    // A message put back after eight conflicts is delivered once more.
    if sidecar.published(to: Topic.standings).count > messages.count {
      #expect(await settle(stands[0], from: messages.count) == ["SUCCESS"])
    }
    #expect(try ReadJSON.data(await stands[0].ask("GET", "/cohorts/c/summary").body)["students"] as? Int == 60)
  }

  @Test("Standings are asked for again only while the store is down, and a failing shard holds up no other")
  func outage() async throws {
    let stand = Stand()
    _ = await stand.deliver((0..<30).map { Self.quiz("s\($0)", 5, cohort: "c") })
    let key = StandingGroup(school: nil, cohort: CohortID("c")).shardKey(of: try Stand.key("s7").student).stateKey
    stand.sidecar.always(.failed(.timedOut), where: \.isLoad)
    #expect(await settle(stand) == ["RETRY"])
    stand.sidecar.always(.failed(.failed(status: 500, code: "", message: "")), where: \.isSave)
    #expect(await settle(stand) == ["RETRY"])
    let shards = stand.sidecar.published(to: Topic.standings).count
    stand.sidecar.always(.partly(without: [key]), where: \.isLoad)
    #expect(await settle(stand) == ["SUCCESS"])
    // The updates of that shard went to the end, together; all others are in.
    #expect(stand.sidecar.published(to: Topic.standings).count == shards + 1)
    stand.sidecar.recover()
    let known = try #require(try ReadJSON.data(await stand.ask("GET", "/cohorts/c/summary").body)["students"] as? Int)
    #expect((1..<30).contains(known))
    #expect(await settle(stand, from: shards) == ["SUCCESS"])
    #expect(try ReadJSON.data(await stand.ask("GET", "/cohorts/c/summary").body)["students"] as? Int == 30)
    stand.sidecar.always(.failed(.timedOut), where: \.isLoad)
    #expect(await stand.ask("GET", "/cohorts/c/summary").status == 503)
  }

  @Test("A damaged shard of standings is started over, and one of a later release is left alone")
  func damaged() async throws {
    let stand = await stand()
    let key = try #require(stand.sidecar.keys.first { $0.hasPrefix("cohort:c:standing:") })
    let erased = #"{"schema":1,"students":{},"erased":{"h":[]}}"#
    for text in [#"{"schema":1}"#, "[]", #"{"schema":1,"students":{"a":[1]},"erased":{}}"#, erased] {
      stand.sidecar.put(Array(text.utf8), at: key)
      // A reader adds up students only.
      #expect(await stand.ask("GET", "/cohorts/c/summary").status == (text == erased ? 200 : 503))
      #expect(await settle(stand) == ["SUCCESS"])
      #expect(stand.lines.all.last?.contains("standings begin anew") == true)
      #expect(try ReadJSON.data(await stand.ask("GET", "/cohorts/c/summary").body)["students"] as? Int == 4)
    }
    let later = Array(#"{"schema":3}"#.utf8)
    stand.sidecar.put(later, at: key)
    let published = stand.sidecar.published(to: Topic.standings).count
    #expect(await settle(stand) == ["SUCCESS"])
    #expect(stand.sidecar.stored(key)?.value == later && stand.sidecar.published(to: Topic.standings).count == published + 1)
    // Alone, it is not an outage either.
    #expect(await settle(stand, from: published) == ["SUCCESS"])
    #expect(stand.sidecar.published(to: Topic.standings).count == published + 2)
  }

  /// Updates in the wrong form: school, student, epoch, revision, time, mastery, level, four components, cohort, former cohorts.
  private static let broken = [
    "7", "{}", "[]", #"["a b","x",1,1,1,400,1,null,1000,null,1000,"c"]"#, #"[null,"a b",1,1,1,400,1,null,1000,null,1000,"c"]"#,
    #"[null,"x","1",1,1,400,1,null,1000,null,1000,"c"]"#, #"[null,"x",1,0,1,400,1,null,1000,null,1000,"c"]"#,
    #"[null,"x",1,1,1e300,400,1,null,1000,null,1000,"c"]"#, #"[null,"x",1,1,1,1001,1,null,1000,null,1000,"c"]"#,
    #"[null,"x",1,1,1,-1,1,null,1000,null,1000,"c"]"#, #"[null,"x",1,1,1,400,5,null,1000,null,1000,"c"]"#,
    #"[null,"x",1,1,1,400,1,null,1001,null,1000,"c"]"#, #"[null,"x",1,1,1,400,1,null,1000,null,1000]"#,
    #"[null,"x",1,1,1,400,1,null,1000,null,1000,"a b"]"#, #"[null,"x",1,1,1,400,1,null,1000,null,1000,"c",7]"#,
  ]

  @Test("An invalid update does no harm to standings, and valid ones beside it are accepted", arguments: broken)
  func foreign(_ update: String) async throws {
    let stand = await stand()
    let good = #"[null,"zoe",1773576000,1,\#(Stand.noon),400,1,null,1000,null,1000,"c"]"#
    let body = Wrapped.cloudEvent(#"{"event_type":"standings.changed","updates":["# + update + "," + good + "]}")
    #expect(await stand.deliver(Array(Wrapped.bulk([("0", body)]).utf8), to: Topic.standings) == ["0": "SUCCESS"])
    #expect(stand.lines.all.last?.contains("what came as standings is none") == true)
    #expect(try ReadJSON.data(await stand.ask("GET", "/cohorts/c/summary").body)["students"] as? Int == 5)
  }

  @Test("An invalid message does no harm to standings", arguments: ["7", "{}", #"{"data":{}}"#, #"{"data":{"updates":{}}}"#, "no JSON"])
  func foreignMessage(_ message: String) async throws {
    let stand = await stand()
    let keys = stand.sidecar.keys.map { stand.sidecar.stored($0)?.etag }
    #expect(await stand.deliver(Array(message.utf8), to: Topic.standings) == ["": "SUCCESS"])
    #expect(stand.lines.all.last?.contains("what came as standings is none") == true)
    #expect(stand.sidecar.keys.map { stand.sidecar.stored($0)?.etag } == keys)
  }

  @Test("Standings older than the retention are not counted, and are dropped at the next write")
  func retention() async throws {
    let stand = await stand()
    stand.clock.step(91 * 86_400_000)
    #expect(await stand.ask("GET", "/cohorts/c/summary").status == 404)
    let key = try #require(stand.sidecar.keys.first { $0.hasPrefix("cohort:c:standing:") })
    #expect(stand.sidecar.stored(key)?.secondsToLive == 90 * 86_400)
  }

  @Test("A student whom each event moves to another cohort has small standings and results, holds nobody up and can be erased")
  func cohorts() async throws {
    let stand = Stand {
      $0.limitsRates = false
      $0.jwtSecret = Bearer.secret
    }
    for start in stride(from: 0, to: 600, by: 20) {
      let moved = (start..<start + 20).map { number in
        Self.quiz("mover", number % 10, cohort: "cohort-number-\(number)", on: 10).replacing("mover-10", with: "m-\(number)")
          .replacing("T08:00:00Z", with: "T08:\(10 + number / 60):\(10 + number % 50)Z")
      }
      for event in moved { #expect(await stand.deliver([event]) == ["0": "SUCCESS"]) }
    }
    #expect(await stand.deliver([Self.quiz("ada", 7, cohort: "c")]) == ["0": "SUCCESS"])
    #expect(stand.waiting.isEmpty && stand.sidecar.published(to: Topic.deadLetters).isEmpty)
    let document = try stand.document(of: "mover")
    #expect(document.ledger.cohorts.count == Ledger.mostCohorts)
    // The rest of an event is folded even if its cohort is dropped.
    #expect(document.ledger.revision > 100)
    #expect(stand.sidecar.published.allSatisfy { $0.event.body.count < 32 << 10 })
    let samples = try PrometheusText.samples(await stand.ask("GET", "/metrics").text)
    #expect(samples["mastery_cohorts_left_out_total"] ?? 0 > 100)
    #expect(await settle(stand) == ["SUCCESS"])
    let admin = Bearer.header(try Bearer.token("a", "admin"))
    #expect(await stand.ask("DELETE", "/student/mover", "", [admin]).status == 200)
    let texts = stand.sidecar.keys.map { String(decoding: stand.sidecar.stored($0)?.value ?? [], as: UTF8.self) }
    #expect(!texts.contains { $0.contains("mover") })
  }
}
