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
    let updates = stand.sidecar.published(to: Topic.standings).map { String(decoding: $0, as: UTF8.self) }
    let bulk = Wrapped.bulk(updates.enumerated().map { ("\($0.offset)", $0.element) })
    #expect(await stand.deliver(Array(bulk.utf8), to: Topic.standings).values.allSatisfy { $0 == "SUCCESS" })
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
      (["c": 4, "d": 12], true, false, true), (["c": 4, "d": 9], true, false, false), (["c": 4, "d": 5, "none": 5], true, false, true),
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

  /// The sums of quiz scores that a student's answers give away, each with who is in it.
  private static func sums(_ stand: Stand, _ student: String, _ members: [String: Set<String>]) async throws -> [(Set<String>, Double)] {
    var sums: [(Set<String>, Double)] = [([student], 0)]
    for (scope, group) in members {
      let data = try await compare(stand, student, scope)
      guard let quiz = (data["by_component"] as? [String: [String: Any]])?["quiz"], let average = quiz["cohort_average"] as? Double else {
        continue
      }
      sums.append((group, average * Double(group.count)))
    }
    return sums
  }

  @Test(
    "From all that a student can ask for, the score of no group of fewer than nine others can be worked out",
    arguments: [["c": 3], ["c": 12, "none": 2], ["c": 12, "d": 10], ["c": 11, "d": 3, "e": 4], ["c": 9, "d": 2], ["c": 2, "d": 14]])
  func solving(_ cohorts: [String: Int]) async throws {
    let stand = try await Self.stand(cohorts)
    let everybody = Set(cohorts.flatMap { cohort, size in (0..<size).map { "\(cohort)-\($0)" } })
    for (cohort, size) in cohorts where cohort != "none" {
      let own = Set((0..<size).map { "\(cohort)-\($0)" })
      let known = try await Self.sums(stand, "\(cohort)-0", ["cohort": own, "school": everybody]).map(\.0)
      // Every group whose sum follows from the known ones by adding and taking away.
      var solved = Set(known)
      var isGrowing = true
      while isGrowing {
        let differences = solved.flatMap { one in solved.filter { $0.isStrictSubset(of: one) }.map { one.subtracting($0) } }
        isGrowing = !solved.isSuperset(of: differences)
        solved.formUnion(differences)
      }
      #expect(solved.subtracting([["\(cohort)-0"]]).allSatisfy { $0.count >= 9 }, "\(cohorts) \(cohort)")
    }
  }
}
