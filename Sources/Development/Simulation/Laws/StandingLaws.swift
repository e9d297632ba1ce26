internal import HTTPServer
internal import JSON
internal import NaiveMastery

/// The laws about standings, checked by a recount of the documents.
struct StandingLaws {
  /// A counted student.
  private struct Member {
    let student: String
    let cohort: String?
    /// The mastery, rounded as it is shown.
    let score: Double
    let level: String
  }

  private let aftermath: Aftermath

  init(_ aftermath: Aftermath) { self.aftermath = aftermath }

  /// An answer that a recount does not confirm.
  var miscounted: String? {
    // A replica whose clock is a year off treats recent entries as old.
    guard !aftermath.plan.hasClockFarOff else { return nil }
    for answer in aftermath.chronicle.surveyed where !beginsAnew(answer.question) {
      let breach: String? =
        switch answer.question {
        case .summary(let school, let cohort):
          members(of: school).flatMap { summary(answer.response, $0.filter { cohort == "_school" || $0.cohort == cohort }) }
        case .compare(let school, let student, let scope):
          members(of: school).flatMap { comparison(answer.response, student, scope == "school", $0) }
        case .batch: nil
        }
      if let breach { return "\(answer.question): \(breach): \(String(decoding: answer.response.body, as: UTF8.self))" }
    }
    return nil
  }

  /// Whether a shard of the school became unreadable, so that it starts over with the students of later results.
  private func beginsAnew(_ question: SurveyQuestion) -> Bool {
    switch question {
    case .summary(let school, _), .compare(let school, _, _): beginsAnew(school)
    case .batch: false
    }
  }

  private func beginsAnew(_ school: String?) -> Bool {
    let prefix = school.map { "school:\($0.inStateKey):cohort:" } ?? "cohort:"
    return aftermath.chronicle.afflictedAside.contains { $0.hasPrefix(prefix) && $0.contains(":standing:") }
  }

  /// The students of a school who have a document with evidence; nil if the last result of one of them may be missing.
  private func members(of school: String?) -> [Member]? {
    let prefix = school.map { "school:\($0.inStateKey):student:" } ?? "student:"
    var members: [Member] = []
    for record in aftermath.records where record.documentKey.hasPrefix(prefix) {
      guard !ResultLaws(aftermath, record).isSilenced else { return nil }
      guard let document = record.last, document.revision > 0 else { continue }
      let mastery = document.student.mastery()
      members.append(
        Member(
          student: KeyOwner(record.documentKey)?.student ?? "", cohort: document.membership?.cohort,
          score: NaiveScore.shown(mastery), level: NaiveScore.level(mastery)))
    }
    return members
  }

  private func summary(_ response: HTTPResponse, _ members: [Member]) -> String? {
    if members.isEmpty || response.status != 200 {
      return members.isEmpty == (response.status == 404) ? nil : "there are \(members.count) students, but the answer is \(response.status)"
    }
    let weakest = members.filter { $0.score < 0.5 }.sorted { ($0.score, $0.student) < ($1.score, $1.student) }.map(\.student)
    let isRight = Survey.data(response) { data in
      let levels = ["beginner", "developing", "competent", "proficient", "expert"]
      return data["students"]?.integer == Int64(members.count) && Self.isNear(data["average"], Self.mean(members))
        && Self.isNear(data["median"], Self.median(members)) && data["at_risk"]?.elements.map { $0.string ?? "" } == weakest
        && levels.allSatisfy { level in data["levels"]?[named: level]?.integer == Int64(members.count { $0.level == level }) }
    }
    return isRight == true ? nil : "a recount gives \(members)"
  }

  private func comparison(_ response: HTTPResponse, _ student: String, _ isSchool: Bool, _ members: [Member]) -> String? {
    let own = members.first { $0.student == student && (isSchool || $0.cohort != nil) }
    guard let own, response.status == 200 else {
      return (own == nil) == (response.status == 404) ? nil : "the answer is \(response.status)"
    }
    let others = members.filter { isSchool || $0.cohort == own.cohort }
    let (below, equal) = (others.count { $0.score < own.score }, others.count { $0.score == own.score })
    let percentile = (Double(below) + Double(equal) / 2) / Double(others.count) * 100
    let isRight = Survey.data(response) { data in
      data["total_students"]?.integer == Int64(others.count) && data["ranking"]?.integer == Int64(1 + others.count - below - equal)
        && Self.isNear(data["percentile"], percentile) && Self.isNear(data["cohort_average"], Self.mean(others))
        && Self.isNear(data["cohort_median"], Self.median(others)) && Self.isNear(data["student_score"], own.score)
    }
    return isRight == true ? nil : "a recount gives \(others)"
  }

  private static func mean(_ members: [Member]) -> Double { members.reduce(0) { $0 + $1.score } / Double(members.count) }

  private static func median(_ members: [Member]) -> Double {
    let sorted = members.map(\.score).sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }

  /// Whether a value equals a number up to the rounding of shown scores.
  private static func isNear(_ value: JSONValue?, _ number: Double) -> Bool {
    value?.number.map { abs($0 - number) < 0.000_501 } ?? false
  }
}
