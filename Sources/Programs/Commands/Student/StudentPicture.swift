internal import JSON
internal import MasteryCore

/// The overview of one student.
///
/// Components as bars, courses and the weakest topics, the last 90 days and the coming week as a line, the expectation, the next steps.
struct StudentPicture: Hashable, Sendable {
  private static let days = 90
  private static let barWidth = 30
  private static let topics = 3

  let student: String
  let standing: StudentStanding
  let outlook: StudentOutlook
  let trajectory: StudentTrajectory

  var text: String {
    ([title, ""] + bars + [""] + courses + line + [""] + expected + [""] + advice).joined(separator: "\n")
  }

  private var title: String { "\(student)   \(DecimalText.decimals(3, standing.mastery)) \(standing.level), \(trajectory.trend)" }

  private var bars: [String] {
    Component.allCases.flatMap { component in
      let name = component.rawValue.padded(to: 11)
      guard let score = standing.components[component.rawValue] else {
        return ["\(name)  \(String(repeating: "·", count: Self.barWidth))  no evidence, counts 0"]
      }
      let full = Int((score * Double(Self.barWidth)).rounded())
      let bar = String(repeating: "█", count: full) + String(repeating: "░", count: Self.barWidth - full)
      let explanation = standing.explanations[component.rawValue].map { ["\("".padded(to: 11))  \($0)"] } ?? []
      return ["\(name)  \(bar)  \(DecimalText.decimals(3, score))"] + explanation
    }
  }

  /// The courses and the weakest topics, with an empty line after them; nothing if there are none.
  private var courses: [String] {
    let courses = standing.courses.map { course in
      let cohort = course.cohort.map { ", in \($0)" } ?? ""
      return "\(course.id)  \(DecimalText.decimals(3, course.mastery)) \(course.level)\(cohort)"
    }
    let topics = standing.topics.prefix(Self.topics).map { topic in
      let data = topic.isAssessed ? "" : ", not enough data"
      return "\(standing.name(of: topic))  \(DecimalText.decimals(3, topic.score)) \(topic.level)\(data)"
    }
    let lines = Self.labelled("courses", courses) + Self.labelled("weakest", topics)
    return lines.isEmpty ? [] : lines + [""]
  }

  /// Lines with a label before the first of them.
  private static func labelled(_ label: String, _ lines: [String]) -> [String] {
    lines.enumerated().map { "\(($0 == 0 ? label : "").padded(to: 11))\($1)" }
  }

  /// The days up to today, followed by the interval's ends and the values in between.
  private var line: [String] {
    var chart = BrailleChart(columns: trajectory.points.count + trajectory.forecast.count, rows: 5)
    for (column, point) in trajectory.points.enumerated() { chart.draw(point, at: column) }
    for (column, day) in trajectory.forecast.enumerated() {
      for value in [day.low, day.score, day.high] { chart.draw(value, at: trajectory.points.count + column) }
    }
    let labels = ["1.0 ", "", "0.5 ", "", "0.0 "]
    let ahead = trajectory.forecast.isEmpty ? "" : ", and the coming \(trajectory.forecast.count) with their interval"
    return zip(labels, chart.lines).map { "\($0.padded(to: 4))\($1)" } + ["    the last \(trajectory.points.count) days\(ahead)"]
  }

  private var expected: [String] {
    guard let next = outlook.expectation else { return ["in a week  nothing is predicted", "           \(outlook.reason)"] }
    let interval = "\(DecimalText.decimals(3, next.low)) to \(DecimalText.decimals(3, next.high)) in 8 of 10 cases"
    let risk = "\(DecimalText.decimals(0, next.risk * 100)) % risk of being under 0.5\(next.needsHelp ? ": somebody should step in" : "")"
    return [
      "in a week  \(DecimalText.decimals(3, next.score)) \(next.level), \(interval)", "           \(risk)", "           \(outlook.reason)",
      "activity   \(trajectory.pattern)",
    ]
  }

  private var advice: [String] {
    guard !standing.advice.isEmpty else { return ["what to do next: nothing is weak"] }
    return ["what to do next"]
      + standing.advice.enumerated().flatMap { index, advice in
        [
          "\(index + 1). \(advice.component): \(advice.area), \(advice.minutes) minutes, up to +\(DecimalText.decimals(3, advice.gain))",
          "   \(advice.reason)",
        ]
      }
  }
}

extension StudentPicture {
  /// Queries an engine for all of it.
  ///
  /// - Throws: `CommandFailure` if the engine does not know the student, or does not answer.
  init(of student: String, asking door: EngineClient) async throws(CommandFailure) {
    self.student = student
    standing = try await door.standing(of: student)
    outlook = try await door.ask("/predictions/next-week", about: student) { StudentOutlook($0) }
    trajectory = try await door.ask("/predictions/trajectory", about: student, ["days": Self.days]) { StudentTrajectory($0) }
  }
}

extension String {
  /// The text padded with spaces to at least `width`.
  fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(width - count, 0)) }
}
