import JSON
import Testing

@testable import Commands

@Suite("A student's picture")
struct StudentPictureTests {
  private func picture(risk: Double?, points: [Double], forecast: [StudentTrajectory.Expectation]) -> [String] {
    StudentPicture(
      student: "ada",
      standing: Samples.standing(mastery: 0.6, level: "competent", advice: Samples.advice("quiz", "mock_tests", gain: 0.05)),
      outlook: Samples.outlook(risk: risk),
      trajectory: StudentTrajectory(trend: "improving", pattern: "Regularly active.", points: points, forecast: forecast)
    ).text.split(separator: "\n").map(String.init)
  }

  @Test("A student's picture shows components as bars, the days as a line, what is expected and what to do")
  func whole() {
    let lines = picture(risk: 0.7, points: [0, 1], forecast: [.init(score: 0.5, low: 0.5, high: 0.5)])
    let half = String(repeating: "█", count: 15) + String(repeating: "░", count: 15)
    // Twenty rows of dots: 0 in the lowest, 1 in the highest, 0.5 in the tenth from the top, which is the second of the third line.
    #expect(
      lines == [
        "ada   0.600 competent, improving", "completion   \(half)  0.500", "quiz         \(String(repeating: "█", count: 30))  1.000",
        "quality      \(String(repeating: "·", count: 30))  no evidence, counts 0",
        "consistency  \(String(repeating: "·", count: 30))  no evidence, counts 0", "1.0 ⠈⠀", "    ⠀⠀", "0.5 ⠀⠂", "    ⠀⠀", "0.0 ⡀⠀",
        "    the last 2 days, and the coming 1 with their interval", "in a week  0.600 competent, 0.550 to 0.700 in 8 of 10 cases",
        "           70 % risk of being under 0.5: somebody should step in", "           Nothing speaks for a change.",
        "activity   Regularly active.", "what to do next", "1. quiz: mock_tests, 30 minutes, up to +0.050", "   Because quiz is weak.",
      ])
  }

  @Test("A student's picture says so if nothing is predicted")
  func unpredicted() {
    let lines = picture(risk: nil, points: [0.5, 0.5, 0.5], forecast: [])
    #expect(lines.contains("in a week  nothing is predicted") && lines.contains("    the last 3 days"))
  }

  @Test("A student's picture explains scores, and shows courses and the three weakest topics between the bars and the days")
  func courses() throws {
    var standing = Samples.standing(mastery: 0.6, level: "competent")
    standing.explanations = [
      "completion": "5 of 10 exercises completed, today: 0.5.", "quality": "There is no evidence yet; it counts as 0.",
    ]
    standing.courses = [.init(id: "go", cohort: "spring", mastery: 0.5, level: "developing")]
    standing.topics = [
      Samples.topic("go", "loops/while", 0.4), Samples.topic("go", "maps", 0.5), Samples.topic("go", "types", 0.1, isAssessed: false),
      Samples.topic("go", "tests", 0.2, isAssessed: false),
    ]
    func lines() throws -> [String] {
      let text = StudentPicture(
        student: "ada", standing: standing, outlook: Samples.outlook(risk: 0.1),
        trajectory: StudentTrajectory(trend: "stable", pattern: "Regularly active.", points: [0.5], forecast: [])
      ).text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      return Array(text.prefix(try #require(text.firstIndex { $0.hasPrefix("1.0") })))
    }
    let dots = String(repeating: "·", count: 30)
    let half = String(repeating: "█", count: 15) + String(repeating: "░", count: 15)
    // What has no evidence says so already.
    let bars = [
      "ada   0.600 competent, stable", "", "completion   \(half)  0.500", "             5 of 10 exercises completed, today: 0.5.",
      "quiz         \(String(repeating: "█", count: 30))  1.000", "quality      \(dots)  no evidence, counts 0",
      "consistency  \(dots)  no evidence, counts 0", "",
    ]
    #expect(
      try lines() == bars + [
        "courses    go  0.500 developing, in spring", "weakest    loops/while  0.400 developing", "           maps  0.500 developing",
        "           types  0.100 developing, not enough data", "",
      ])
    standing.courses.append(.init(id: "sql", cohort: nil, mastery: 0.7, level: "competent"))
    standing.topics = [Samples.topic("sql", "joins", 0.6), Samples.topic(nil, "typing", 0.7)]
    #expect(
      try lines() == bars + [
        "courses    go  0.500 developing, in spring", "           sql  0.700 competent", "weakest    sql: joins  0.600 developing",
        "           typing  0.700 developing", "",
      ])
    standing.courses = []
    standing.topics = []
    #expect(try lines() == bars)
  }

  @Test("The weakest topics are those known well enough, then the others; a wider topic counts if it is weaker than those under it")
  func weakest() {
    let topics = [
      // The mean of its two topics says nothing more than the weaker of them.
      Samples.topic("go", "loops", 0.5), Samples.topic("go", "loops/for", 0.6), Samples.topic("go", "loops/while", 0.4),
      // Its own evidence is the weakest of it.
      Samples.topic("go", "maps", 0.3), Samples.topic("go", "maps/keys", 0.5),
      // With one topic under it, it is equal to that.
      Samples.topic("go", "types", 0.2), Samples.topic("go", "types/enum", 0.2),
      // Only both together are known well enough.
      Samples.topic("go", "tests", 0.7), Samples.topic("go", "tests/unit", 0.7, isAssessed: false),
      Samples.topic("sql", "types", 0.4), Samples.topic("go", "typesetting", 0.9),
    ]
    #expect(
      StudentTopic.weakestFirst(topics).map { "\($0.course ?? "") \($0.topic)" } == [
        "go types/enum", "go maps", "go loops/while", "sql types", "go maps/keys", "go loops/for", "go tests", "go typesetting",
        "go tests/unit",
      ])
  }

  @Test("A student's picture accepts the engine's answers, and nothing else")
  func answers() throws {
    func read<Value>(_ text: String, _ read: (JSONValue) -> Value?) throws -> Value? {
      try JSONDocument.parse(Array(text.utf8)) { (root) throws(Never) in read(root) }
    }
    let standing = try read(
      #"{"current_mastery":{"mastery_score":0.5,"level":"developing","components":{"completion":0,"quiz":0.9,"mood":1},"missing":["completion"],"recommendations":["#
        + #"{"component":"quiz","area":"mock_tests","estimated_time":30,"expected_gain":0.05,"reason":"r"},{"component":"quiz"}],"#
        + #""breakdown":[{"component":"quiz","explanation":"9 of 10."},{"component":"quality"}]},"#
        + #""courses":[{"course_id":"go","cohort_id":"spring","mastery_score":0.5,"level":"developing"},{"course_id":"sql"},"#
        + #"{"course_id":"sql","mastery_score":0.7,"level":"competent"}],"#
        + #""topics":[{"course_id":"go","topic":"loops","score":0.6,"level":"developing","status":"assessed"},{"topic":"loops"},"#
        + #"{"topic":"typing","score":0.5,"level":"developing","status":"not_enough_data"}]}"#
    ) { StudentStanding($0) }
    #expect(standing?.components == ["quiz": 0.9] && standing?.advice.map(\.minutes) == [30])
    #expect(standing?.explanations == ["quiz": "9 of 10."])
    #expect(
      standing?.courses == [
        .init(id: "go", cohort: "spring", mastery: 0.5, level: "developing"),
        .init(id: "sql", cohort: nil, mastery: 0.7, level: "competent"),
      ])
    #expect(standing?.topics == [Samples.topic("go", "loops", 0.6), Samples.topic(nil, "typing", 0.5, isAssessed: false)])
    let outlook = try read(
      #"{"predicted_score":0.5,"predicted_level":"developing","interval":{"low":0.4,"high":0.6,"level":0.8},"risk":0.3,"#
        + #""intervention_needed":false,"reason":"r"}"#
    ) { StudentOutlook($0) }
    #expect(outlook?.expectation == .init(score: 0.5, level: "developing", low: 0.4, high: 0.6, risk: 0.3, needsHelp: false))
    #expect(try read(#"{"predicted_score":null,"reason":"r"}"#) { StudentOutlook($0) }?.expectation == nil)
    let trajectory = try read(
      #"{"trend":"stable","pattern":{"reason":"p"},"points":[{"score":0.5}],"forecast":[{"score":0.5,"low":0.4,"high":0.6}]}"#
    ) { StudentTrajectory($0) }
    #expect(trajectory?.points == [0.5] && trajectory?.forecast == [.init(score: 0.5, low: 0.4, high: 0.6)])
    #expect(try read("{}") { StudentStanding($0) } == nil)
    #expect(try read("{}") { StudentOutlook($0) } == nil)
    #expect(try read("{}") { StudentTrajectory($0) } == nil)
  }
}
