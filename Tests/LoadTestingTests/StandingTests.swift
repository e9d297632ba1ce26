import JSON
import LoadTesting
import Testing

@Suite("Events of a load and what they come to")
struct StandingTests {
  @Test("The first events are about each student in turn, later ones about all of them alike, in all components")
  func spread() {
    let plan = EventPlan(students: 100, seed: 3)
    #expect((0..<100).map { plan.student(of: $0) } == Array(0..<100))
    var students = [Int](repeating: 0, count: 100)
    var components = [Int](repeating: 0, count: 4)
    for event in 100..<100_100 {
      students[plan.student(of: event)] += 1
      components[plan.component(of: event).rawValue] += 1
      #expect((0...20).contains(plan.twentieths(of: event)))
    }
    // 1,000 and 25,000 each, within six standard deviations.
    #expect(students.allSatisfy { (810...1_190).contains($0) } && components.allSatisfy { (24_170...25_830).contains($0) })
  }

  @Test("Ids are read back, sort as the events do, and others are none")
  func ids() {
    #expect(EventPlan.id(of: 7) == "load-000000000007" && EventPlan.event(of: "load-000000000007") == 7)
    #expect(EventPlan.id(of: 99) < EventPlan.id(of: 100) && EventPlan.event(of: "e-7") == nil && EventPlan.event(of: "load-x") == nil)
    #expect(EventPlan.student(ofID: EventPlan.id(ofStudent: 12)) == 12 && EventPlan.student(ofID: "ada") == nil)
  }

  @Test("An event has what the contract asks of its type")
  func body() throws {
    let plan = EventPlan(students: 3, seed: 1)
    for event in 0..<200 {
      var json = JSONWriter()
      plan.write(event, at: 1_772_445_600_000, to: &json)
      let score = try JSONDocument.parse(json.bytes) { root -> Double? in
        #expect(root["student_id"]?.string == EventPlan.id(ofStudent: plan.student(of: event)))
        #expect(root["timestamp"]?.integer == 1_772_445_600_000 && root["event_id"]?.string == EventPlan.id(of: event))
        let data = try #require(root["data"])
        func share(_ part: StaticString, _ whole: StaticString) -> Double? { data[part]?.number.map { $0 / (data[whole]?.number ?? 0) } }
        switch root["event_type"]?.string {
        case "exercise.completed": return share("completed_exercises", "total_exercises")
        case "quiz.completed": return share("correct_answers", "total_questions")
        case "quality.assessed": return data["code_quality_score"]?.number
        case "consistency.recorded": return share("current_streak", "max_streak")
        default: return nil
        }
      }
      #expect(score == Double(plan.twentieths(of: event)) / 20)
    }
  }

  private static let answer = #"""
    {"success":true,"data":{"student_id":"load-student-0000000","current_mastery":{"mastery_score":0.37,"level":"beginner",
     "components":{"completion":0,"quiz":0.9,"quality":0,"consistency":1},
     "breakdown":[{"component":"completion","score":0,"evidence":null},
      {"component":"quiz","score":0.9,"evidence":{"event_id":"load-000000000004","timestamp":"2026-03-02T09:30:00Z","source":null}},
      {"component":"quality","score":0,"evidence":null},{"component":"consistency","score":1,"evidence":null}],"version":2}}}
    """#

  @Test("An answer is read as the contract writes it")
  func answer() throws {
    let observed = try #require(ObservedStanding(answer: Array(Self.answer.utf8)))
    #expect(observed.evidence == ["quiz": "load-000000000004"] && observed.revision == 2)
    #expect(observed.scores == ["completion": 0, "quiz": 900, "quality": 0, "consistency": 1_000])
    #expect(ObservedStanding(answer: Array("{}".utf8)) == nil && ObservedStanding(answer: Array("no".utf8)) == nil)
  }

  /// What a service that did everything right answers, worked out naively: event by event in order.
  private static func right(_ plan: EventPlan, _ events: [Int]) -> [Int: ObservedStanding] {
    var standings: [Int: ObservedStanding] = [:]
    for event in events.sorted() {
      let name = plan.component(of: event).name
      standings[plan.student(of: event), default: ObservedStanding()].evidence[name] = EventPlan.id(of: event)
      standings[plan.student(of: event)]?.scores[name] = Int((Double(plan.twentieths(of: event)) / 20 * 1_000).rounded())
      standings[plan.student(of: event)]?.revision += 1
    }
    return standings
  }

  @Test("Documents that are right differ in nothing, in whatever order the events were taken in", arguments: 0..<10 as Range<UInt64>)
  func right(seed: UInt64) {
    var random = Words(seed: seed)
    let plan = EventPlan(students: 20, seed: seed)
    let events = Array(0..<Int(random.next() % 300) + 1)
    var expected = ExpectedStandings(plan)
    for event in events.shuffled(using: &random) { expected.take(event) }
    let observed = Self.right(plan, events)
    #expect(expected.known == observed.keys.sorted())
    for student in 0..<20 { #expect(expected.differences(of: student, from: observed[student]).isEmpty) }
  }

  @Test("A lost event that counts, a wrong score, a document that is gone and one revision too many are all found")
  func wrong() throws {
    let plan = EventPlan(students: 5, seed: 9)
    let events = Array(0..<60)
    var expected = ExpectedStandings(plan)
    for event in events { expected.take(event) }
    let observed = Self.right(plan, events)
    for event in events {
      let student = plan.student(of: event)
      let found = expected.differences(of: student, from: Self.right(plan, events.filter { $0 != event })[student])
      let counts = observed[student]?.evidence[plan.component(of: event).name] == EventPlan.id(of: event)
      #expect(found.isEmpty != counts)
    }
    #expect(expected.differences(of: 2, from: nil) == [.missing(student: "load-student-0000002")])
    var standing = try #require(observed[2])
    standing.revision += 1
    let most = events.count { plan.student(of: $0) == 2 }
    let tooMany = expected.differences(of: 2, from: standing)
    #expect(tooMany == [.revisions(student: "load-student-0000002", most: most, found: most + 1)])
    #expect(tooMany.map(\.description) == ["load-student-0000002: the revision must be at most \(most), got \(most + 1)"])
    standing.revision -= 1
    let name = try #require(standing.evidence.keys.sorted().first)
    let score = try #require(standing.scores[name])
    standing.scores[name] = score + 1
    #expect(
      expected.differences(of: 2, from: standing)
        == [.score(student: "load-student-0000002", component: name, expected: score, found: score + 1)])
  }

  @Test("An event is done when a result names it, or a later one of its student and component")
  func results() throws {
    let plan = EventPlan(students: 2, seed: 5)
    func slot(_ event: Int) -> [Int] { [plan.student(of: event), plan.component(of: event).rawValue] }
    let same = Array((0..<200).filter { slot($0) == slot(7) && $0 >= 7 }.prefix(3))
    let other = try #require((0..<200).first { slot($0) != slot(7) })
    var ledger = ResultLedger(plan)
    for event in [other] + same { ledger.add(event) }
    #expect(ledger.left == 4)
    // Named is the second of the three: the first is done with it, the third and the other wait.
    #expect(ledger.take(.init(student: plan.student(of: 7), revision: 1, causes: [same[1], -1])) == [same[0], same[1]])
    #expect(ledger.take(.init(student: plan.student(of: 7), revision: 1, causes: [same[0]])) == [] && ledger.repeated == 1)
    #expect(ledger.take(.init(student: plan.student(of: other), revision: 2, causes: [other])) == [other])
    #expect(ledger.take(.init(student: 9, revision: 1, causes: [])) == [])
    #expect(ledger.left == 1 && ledger.done == 3 && ledger.results == 4 && ledger.repeated == 1)
  }

  @Test("An announcement is said again when its kind has said the student's revision, or a later one")
  func announcements() {
    var ledger = AnnouncementLedger(students: 2)
    for (kind, student, revision) in [("level", 0, 1), ("level", 0, 3), ("level", 0, 3), ("level", 0, 2), ("path", 0, 1), ("level", 1, 1)] {
      let id = EventPlan.id(ofStudent: student)
      ledger.take(Array(#"{"data":{"event_type":"\#(kind)","student_id":"\#(id)","revision":\#(revision)}}"#.utf8))
    }
    for other in ["{}", "no", #"{"data":{"event_type":"level","student_id":"load-student-0000002","revision":1}}"#] {
      ledger.take(Array(other.utf8))
    }
    #expect(ledger.count == 6 && ledger.repeated == 2)
  }

  @Test("A message of the results is read as the contract writes it")
  func message() throws {
    let message =
      #"{"specversion":"1.0","data":{"event_id":"x","student_id":"load-student-0000002","epoch":1,"revision":3,"caused_by":"#
      + #"["load-000000000011","other"],"caused_by_count":2}}"#
    let read = try #require(ResultLedger.Result(message: Array(message.utf8)))
    #expect(read == .init(student: 2, revision: 3, causes: [11]))
    #expect(ResultLedger.Result(message: Array(#"{"data":{"student_id":"ada"}}"#.utf8)) == nil)
  }
}
