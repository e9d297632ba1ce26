internal import JSON
internal import MasteryCore
internal import Schemas

/// The combined standings of a cohort's students, and those at risk.
struct CohortSummaryRequest: Intent {
  private static let cohort = Field<CohortID?>("cohort_id", .identifier, "which cohort; _school is the school as a whole") { value in
    value.identifier.flatMap { $0 == CohortID.wholeSchool ? .some(nil) : CohortID($0).map { .some($0) } }
  }

  static let declaration = IntentDeclaration(
    name: "cohort_summary", method: "GET", path: "/cohorts/{cohort_id}/summary",
    summary: "How the students of a cohort stand together, and who of them is at risk.", audience: .staff, perMinute: 30,
    fields: [cohort.required], answers: [found.declaration],
    example: #"""
      {"cohort_id":"spring"}
      """#)

  /// The students of a cohort together.
  private struct Found {
    let name: String
    let standings: CohortStandings
    let average: Double

    /// The score below which that share of the students stands.
    func quantile(_ share: Double) -> Double { standings.mastery.quantile(share) ?? average }
  }

  private static let found = AnswerShape(
    "how the students stand together",
    ObjectShape<Found>("CohortSummary", "how the students of a cohort stand together") {
      Member("cohort_id", .identifier, "the cohort; _school is the school as a whole") { $0.name }
      Member("students", .count, "the number of students") { $0.standings.total }
      Member("average", .score, "the mean mastery") { $0.average }
      Member("median", .score, "the median mastery") { $0.quantile(0.5) }
      Member("quartiles", Shape<Double>.score.list(3...3), "the quartiles of mastery") { found in [0.25, 0.5, 0.75].map(found.quantile) }
      Member("levels", CohortStandings.numbersByLevel, "the number of students at each level") { $0.standings }
      Member("at_risk", Shape<StudentID>.id.list(), "the students most at risk, the lowest mastery first") {
        $0.standings.atRisk.map(\.student)
      }
      Member.nullable("as_of", .moment, "when the latest of these results was saved") { $0.standings.asOf }
    })

  /// Nil for the school as a whole.
  private let cohort: CohortID?
  private var name: String { cohort?.text ?? CohortID.wholeSchool }

  init(_ fields: RequestFields) throws(JSONInvalid) {
    cohort = try fields.required(Self.cohort)
  }

  var subject: StudentID? { nil }

  func answer(_ context: IntentContext) async throws(Problem) -> Answer {
    let caller = context.caller
    let group = StandingGroup(school: caller.school, cohort: cohort)
    let standings = try await context.standings.standings(
      of: group, naming: { caller.role != .teacher || caller.students.contains($0) }, context: context.call)
    guard let average = standings.mastery.average else { throw .notFound("there is no cohort \(name)") }
    return Answer(
      Self.found, Found(name: name, standings: standings, average: average), showing: standings.atRisk.map(\.student))
  }
}
