internal import DaprClient
internal import HTTPServer
internal import JSON
internal import NaiveMastery

/// The laws about standings, checked by a recount of the documents.
struct StandingLaws {
  /// A counted student.
  private struct Member {
    let student: String
    /// The mastery, rounded as it is shown.
    let score: Double
    let level: String

    init(_ student: String, _ components: [String: Double]) {
      let mastery = NaiveScore.mastery(components)
      self.student = student
      score = NaiveScore.shown(mastery)
      level = NaiveScore.level(mastery)
    }
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
          documents(of: school).flatMap { summary(answer.response, Self.members($0, of: cohort == "_school" ? nil : cohort)) }
        case .compare(let school, let student, let group):
          documents(of: school).flatMap { documents in
            let cohort: String?? =
              switch group {
              case .school: .some(nil)
              case .cohort: documents[student]?.cohort.map { .some($0) }
              case .cohortOf(let course): documents[student]?.cohort(in: course).map { .some($0) }
              }
            return comparison(answer.response, student, cohort.map { Self.members(documents, of: $0) } ?? [])
          }
        case .batch: nil
        }
      if let breach { return "\(answer.question): \(breach): \(String(decoding: answer.response.body, as: UTF8.self))" }
    }
    return nil
  }

  /// A published update that does not hold a student in each cohort, with the mastery of the courses within which it was joined.
  var misplaced: String? {
    for said in aftermath.chronicle.said where said.topic == "mastery.standings" {
      for standing in SaidStanding.all(in: said.event.body) {
        guard let record = aftermath.records.first(where: { $0.documentKey == standing.documentKey }),
          !record.isAfflicted(by: .savedAsValue), let breach = Self.breach(standing, record)
        else { continue }
        return "\(standing.documentKey): the standing of revision \(standing.revision) \(breach)"
      }
    }
    return nil
  }

  private static func breach(_ standing: SaidStanding, _ record: Aftermath.Record) -> String? {
    let life = record.revisions.filter { $0.document.epoch == standing.epoch && $0.document.revision <= standing.revision }
    guard let document = life.last(where: { $0.document.revision == standing.revision })?.document else { return "was never saved" }
    let inSchool = shown(document.student.components())
    guard standing.inSchool == inSchool else { return "is \(standing.inSchool), not \(inSchool)" }
    let current = Set(document.memberships.map(\.cohort))
    guard Set(standing.cohorts.keys) == current else {
      return "is in the cohorts \(standing.cohorts.keys.sorted()), not \(current.sorted())"
    }
    for cohort in current.sorted() {
      let own = shown(document.components(in: cohort) ?? [:])
      if let said = standing.cohorts[cohort], said != own { return "in \(cohort) is \(said), not \(own)" }
    }
    let former = Set(life.flatMap { $0.document.memberships.map(\.cohort) }).subtracting(current)
    return standing.formerCohorts.isSuperset(of: former) && standing.formerCohorts.isDisjoint(with: current)
      ? nil : "has left \(standing.formerCohorts.sorted()), not \(former.sorted())"
  }

  private static func shown(_ components: [String: Double]) -> SaidStanding.Shown {
    func thousandths(_ value: Double) -> Int64 { Int64((NaiveScore.shown(value) * 1_000).rounded()) }
    let mastery = NaiveScore.mastery(components)
    return SaidStanding.Shown(
      score: thousandths(mastery), level: levels.firstIndex(of: NaiveScore.level(mastery)).map { Int64($0) },
      components: NaiveScore.weights.map { components[$0.component].map(thousandths) })
  }

  private static let levels = ["beginner", "developing", "competent", "proficient", "expert"]

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

  /// The documents with evidence of a school's students; nil if the last result of one of them may be missing.
  private func documents(of school: String?) -> [String: StoredDocument]? {
    let prefix = school.map { "school:\($0.inStateKey):student:" } ?? "student:"
    var documents: [String: StoredDocument] = [:]
    for record in aftermath.records where record.documentKey.hasPrefix(prefix) {
      guard !ResultLaws(aftermath, record).isSilenced else { return nil }
      guard let document = record.last, document.revision > 0 else { continue }
      documents[KeyOwner(record.documentKey)?.student ?? ""] = document
    }
    return documents
  }

  /// How the students of a cohort stand in it, or all of them in the school; one of whom all was taken back stands nowhere.
  private static func members(_ documents: [String: StoredDocument], of cohort: String?) -> [Member] {
    documents.sorted { $0.key < $1.key }.compactMap { student, document in
      let components = cohort.map { document.components(in: $0) } ?? document.student.components()
      return components.flatMap { $0.isEmpty ? nil : Member(student, $0) }
    }
  }

  private func summary(_ response: HTTPResponse, _ members: [Member]) -> String? {
    if members.isEmpty || response.status != 200 {
      return members.isEmpty == (response.status == 404) ? nil : "there are \(members.count) students, but the answer is \(response.status)"
    }
    let weakest = members.filter { $0.score < 0.5 }.sorted { ($0.score, $0.student) < ($1.score, $1.student) }.map(\.student)
    let isRight = Survey.data(response) { data in
      data["students"]?.integer == Int64(members.count) && Self.isNear(data["average"], Self.mean(members))
        && Self.isNear(data["median"], Self.median(members)) && data["at_risk"]?.elements.map { $0.string ?? "" } == weakest
        && Self.levels.allSatisfy { level in data["levels"]?[named: level]?.integer == Int64(members.count { $0.level == level }) }
    }
    return isRight == true ? nil : "a recount gives \(members)"
  }

  /// A comparison of a student with a group, which is empty for a student who is in none.
  private func comparison(_ response: HTTPResponse, _ student: String, _ others: [Member]) -> String? {
    let own = others.first { $0.student == student }
    guard let own, response.status == 200 else {
      return (own == nil) == (response.status == 404) ? nil : "the answer is \(response.status)"
    }
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
