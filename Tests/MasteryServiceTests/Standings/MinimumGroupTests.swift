import HTTPServer
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("What a student sees of small groups")
struct MinimumGroupTests {
  /// A school whose cohorts have those sizes; students are called by cohort and number, those without a cohort `none-…`.
  private static func stand(_ cohorts: [String: Int], minimum: Int = 10) async throws -> Stand {
    let stand = Stand.production { ($0.limitsRates, $0.minimumGroup) = (false, minimum) }
    var events: [String] = []
    for (cohort, size) in cohorts {
      for number in 0..<size {
        let label = cohort == "none" ? "" : #","cohort_id":"\#(cohort)""#
        events.append(
          #"{"event_id":"e","event_type":"quiz","timestamp":"2026-03-10T08:00:00Z","student_id":"\#(cohort)-\#(number)","#
            + #""data":{"total_questions":100,"correct_answers":\#(7 * number % 100)},"metadata":{"school_id":"north"\#(label)}}"#)
      }
    }
    #expect(await stand.deliver(events).values.allSatisfy { $0 == "SUCCESS" })
    #expect(await stand.redeliver(Topic.standings) == ["SUCCESS"])
    return stand
  }

  /// What a comparison shows to a role.
  private static func compare(_ stand: Stand, _ student: String, _ scope: String, role: String = "student") async throws -> [String: Any] {
    let token = Bearer.header(try Bearer.token(role == "student" ? student : "head", role, students: [student], school: "north"))
    let body = #"{"student_id":"\#(student)","scope":"\#(scope)","metric":"by_component"}"#
    let answer = await stand.ask("POST", "/analytics/compare", body, [token])
    #expect(answer.status == 200, "\(answer.text)")
    let process = #"{"intent":"analytics_query","payload":{"type":"compare",\#(body.dropFirst())}"#
    let other = await stand.ask("POST", "/process", process, [token])
    #expect(try ReadJSON.canonical(ReadJSON.data(other.body)) == ReadJSON.canonical(ReadJSON.data(answer.body)))
    return try ReadJSON.data(answer.body)
  }

  private static let hidden = ["cohort_average", "cohort_median", "percentile", "ranking"]

  /// Whether the numbers of others are all there, in the whole and in each component; nil if some are and some are not.
  private static func shows(_ data: [String: Any]) -> Bool? {
    let parts = [data] + Array((data["by_component"] as? [String: [String: Any]] ?? [:]).values)
    #expect(parts.count == 5 && parts.allSatisfy { $0["student_score"] is Double })
    let numbers = parts.flatMap { part in hidden.map { part[$0] is Double } }
    let isShown = numbers.allSatisfy { $0 } ? true : numbers.allSatisfy { !$0 } ? false : nil
    #expect((data["reason"] is String) == (isShown == false))
    return isShown
  }

  @Test(
    "A student sees the numbers of a group from ten students on, and of the school only if ten or none are outside the own cohort",
    arguments: [
      (["c": 3], true, false, false), (["c": 9], true, false, false), (["c": 10], true, true, true),
      (["c": 12, "none": 2], true, true, false), (["c": 12, "d": 9], true, true, false), (["c": 12, "d": 10], true, true, true),
      (["c": 4, "d": 12], true, false, true), (["c": 4, "d": 9], true, false, true), (["c": 4, "d": 5, "none": 5], true, false, true),
      (["none": 9], false, false, false), (["none": 10], false, false, true),
    ])
  func groups(_ cohorts: [String: Int], hasCohort: Bool, cohortIsShown: Bool, schoolIsShown: Bool) async throws {
    let stand = try await Self.stand(cohorts)
    let student = hasCohort ? "c-1" : "none-1"
    let school = try await Self.compare(stand, student, "school")
    #expect(Self.shows(school) == schoolIsShown)
    #expect(school["total_students"] as? Int == cohorts.values.reduce(0, +))
    guard hasCohort else { return }
    let cohort = try await Self.compare(stand, student, "cohort")
    #expect(Self.shows(cohort) == cohortIsShown)
    #expect(cohort["total_students"] as? Int == cohorts["c"])
    for role in ["teacher", "admin", "service"] {
      for scope in ["cohort", "school"] { #expect(Self.shows(try await Self.compare(stand, student, scope, role: role)) == true) }
    }
  }

  @Test("The least size of a group is a setting")
  func setting() async throws {
    for (minimum, isShown) in [(3, true), (4, false)] {
      let stand = try await Self.stand(["c": 3], minimum: minimum)
      #expect(Self.shows(try await Self.compare(stand, "c-0", "cohort")) == isShown)
    }
  }

  /// The number of independent equations (Gaussian elimination).
  private static func rank(_ rows: [[Double]]) -> Int {
    var rows = rows
    var rank = 0
    for column in rows.first?.indices ?? 0..<0 {
      guard let pivot = (rank..<rows.count).first(where: { abs(rows[$0][column]) > 1e-9 }) else { continue }
      rows.swapAt(rank, pivot)
      for row in rows.indices where row != rank {
        let factor = rows[row][column] / rows[rank][column]
        for index in rows[row].indices { rows[row][index] -= factor * rows[rank][index] }
      }
      rank += 1
      if rank == rows.count { break }
    }
    return rank
  }

  @Test(
    "From all averages that a student can ask for, the score of no other student follows, nor that of a few together",
    arguments: [
      ["c": 3], ["c": 12, "none": 2], ["c": 12, "d": 10], ["c": 11, "d": 3, "e": 4], ["c": 9, "d": 2], ["c": 2, "d": 14],
      ["c": 10, "none": 1],
    ])
  func solving(_ cohorts: [String: Int]) async throws {
    let stand = try await Self.stand(cohorts)
    let everybody = cohorts.flatMap { cohort, size in (0..<size).map { "\(cohort)-\($0)" } }.sorted()
    func equation(_ isIn: (String) -> Bool) -> [Double] { everybody.map { isIn($0) ? 1 : 0 } }
    for cohort in cohorts.keys {
      let student = "\(cohort)-0"
      // The own score is known, and each average shown is the sum of a group.
      var known = [equation { $0 == student }]
      if cohort != "none", try await Self.compare(stand, student, "cohort")["cohort_average"] is Double {
        known.append(equation { $0.hasPrefix("\(cohort)-") })
      }
      if try await Self.compare(stand, student, "school")["cohort_average"] is Double { known.append(equation { _ in true }) }
      let rank = Self.rank(known)
      for other in everybody where other != student { #expect(Self.rank(known + [equation { $0 == other }]) > rank, "\(cohorts) \(other)") }
      for group in cohorts.keys where group != cohort && cohorts[group] ?? 0 < 10 {
        #expect(Self.rank(known + [equation { $0.hasPrefix("\(group)-") }]) > rank, "\(cohorts) \(group)")
      }
      // Nor does anything else that is asked about others answer.
      let token = Bearer.header(try Bearer.token(student, "student", school: "north"))
      let other = everybody.first { $0 != student } ?? ""
      for path in [
        "/mastery/query", "/predictions/next-week", "/analytics/mastery-history", "/analytics/compare", "/recommendations/adaptive",
      ] {
        #expect(await stand.ask("POST", path, #"{"student_id":"\#(other)"}"#, [token]).status == 403)
      }
      #expect(await stand.ask("GET", "/cohorts/c/summary", "", [token]).status == 403)
      #expect(await stand.ask("POST", "/batch/mastery", #"{"requests":[{"student_id":"\#(student)"}]}"#, [token]).status == 403)
    }
  }

  /// A school in which each student is in some cohorts, within a course each; all evidence of a student has the same score, so that the averages of
  /// different groups are about the same numbers.
  private static func stand(overlapping cohorts: [String: Range<Int>]) async throws -> Stand {
    let stand = Stand.production { ($0.limitsRates, $0.minimumGroup) = (false, 10) }
    var events: [String] = []
    for (cohort, members) in cohorts {
      for number in members {
        events.append(
          #"{"event_id":"e-\#(cohort)","event_type":"quiz","timestamp":"2026-03-10T08:00:00Z","student_id":"s-\#(number)","#
            + #""course_id":"of-\#(cohort)","data":{"total_questions":100,"correct_answers":\#(7 * number % 100)},"#
            + #""metadata":{"school_id":"north","cohort_id":"\#(cohort)"}}"#)
      }
    }
    #expect(await stand.deliver(events).values.allSatisfy { $0 == "SUCCESS" })
    #expect(await stand.redeliver(Topic.standings) == ["SUCCESS"])
    return stand
  }

  @Test(
    "From the averages of all the cohorts that a student of several courses is in, and of the school, no other student's score follows",
    arguments: [
      ["a": 0..<14, "b": 0..<12], ["a": 0..<14, "b": 0..<14], ["a": 0..<30, "b": 0..<14, "c": 0..<27], ["a": 0..<14, "b": 0..<24],
      ["a": 0..<12, "b": 0..<1], ["a": 0..<20, "b": 0..<20, "c": 0..<3], ["a": 0..<25, "b": 0..<13, "c": 0..<11],
    ] as [[String: Range<Int>]])
  func severalCohorts(_ cohorts: [String: Range<Int>]) async throws {
    let stand = try await Self.stand(overlapping: cohorts)
    let everybody = 0..<(cohorts.values.map(\.upperBound).max() ?? 0)
    func equation(_ isIn: (Int) -> Bool) -> [Double] { everybody.map { isIn($0) ? 1 : 0 } }
    let token = Bearer.header(try Bearer.token("s-0", "student", school: "north"))
    var known = [equation { $0 == 0 }]
    var shown = 0
    for (members, question) in [(everybody, #""scope":"school""#)] + cohorts.map({ ($0.value, #""cohort_id":"\#($0.key)""#) }) {
      let answer = await stand.ask("POST", "/analytics/compare", #"{"student_id":"s-0",\#(question)}"#, [token])
      guard try ReadJSON.data(answer.body)["cohort_average"] is Double else { continue }
      known.append(equation { members.contains($0) })
      shown += 1
    }
    // A group that no other lies within is shown where it is large enough.
    #expect(shown > 0)
    let rank = Self.rank(known)
    for other in everybody.dropFirst() { #expect(Self.rank(known + [equation { $0 == other }]) > rank, "\(cohorts) s-\(other)") }
    for (low, high) in everybody.dropFirst().flatMap({ low in (low + 1..<everybody.upperBound).map { (low, $0) } }) {
      #expect(Self.rank(known + [equation { low <= $0 && $0 <= high && high - low < 9 }]) > rank || high - low >= 9, "\(low) to \(high)")
    }
  }
}
