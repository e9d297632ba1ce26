@testable import Commands

/// An engine's possible answers about a student.
enum Samples {
  static func advice(_ component: String, _ area: String, gain: Double) -> StudentStanding.Advice {
    StudentStanding.Advice(component: component, area: area, minutes: 30, gain: gain, reason: "Because \(component) is weak.")
  }

  static func topic(_ course: String?, _ topic: String, _ score: Double, isAssessed: Bool = true) -> StudentTopic {
    StudentTopic(course: course, topic: topic, score: score, level: "developing", isAssessed: isAssessed)
  }

  static func standing(
    mastery: Double, level: String, advice: StudentStanding.Advice? = nil, topics: [StudentTopic] = []
  ) -> StudentStanding {
    StudentStanding(
      mastery: mastery, level: level, components: ["completion": 0.5, "quiz": 1], advice: advice.map { [$0] } ?? [], topics: topics)
  }

  static func outlook(risk: Double?) -> StudentOutlook {
    StudentOutlook(
      expectation: risk.map { .init(score: 0.6, level: "competent", low: 0.55, high: 0.7, risk: $0, needsHelp: $0 >= 0.5) },
      reason: "Nothing speaks for a change.")
  }

  static func row(
    _ student: String, mastery: Double, level: String, risk: Double?, advice: StudentStanding.Advice? = nil,
    topics: [StudentTopic] = []
  ) -> StudentTable.Row {
    StudentTable.Row(
      student: student, standing: standing(mastery: mastery, level: level, advice: advice, topics: topics), outlook: outlook(risk: risk))
  }
}
