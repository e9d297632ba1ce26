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

  @Test("A student's picture accepts the engine's answers, and nothing else")
  func answers() throws {
    func read<Value>(_ text: String, _ read: (JSONValue) -> Value?) throws -> Value? {
      try JSONDocument.parse(Array(text.utf8)) { (root) throws(Never) in read(root) }
    }
    let standing = try read(
      #"{"current_mastery":{"mastery_score":0.5,"level":"developing","components":{"completion":0,"quiz":0.9,"mood":1},"missing":["completion"],"recommendations":["#
        + #"{"component":"quiz","area":"mock_tests","estimated_time":30,"expected_gain":0.05,"reason":"r"},{"component":"quiz"}]}}"#
    ) { StudentStanding($0) }
    #expect(standing?.components == ["quiz": 0.9] && standing?.advice.map(\.minutes) == [30])
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
