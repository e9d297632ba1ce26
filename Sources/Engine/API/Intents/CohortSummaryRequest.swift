internal import JSON
internal import MasteryCore

/// The combined standings of a cohort's students, and those at risk.
struct CohortSummaryRequest: Intent {
  private static let cohort = Field<CohortID?>("cohort_id", .identifier, "which cohort; _school is the school as a whole") { value in
    value.identifier.flatMap { $0 == CohortID.wholeSchool ? .some(nil) : CohortID($0).map { .some($0) } }
  }

  static let declaration = IntentDeclaration(
    name: "cohort_summary", method: "GET", path: "/cohorts/{cohort_id}/summary",
    summary: "How the students of a cohort stand together, and who of them is at risk.", audience: .staff, perMinute: 30,
    fields: [cohort.declaration])

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
    let atRisk = standings.atRisk.map(\.student)
    return Answer(showing: atRisk) { json in
      json.member("cohort_id", name)
      json.member("students", standings.total)
      json.member("average", shown: average)
      json.member("median", shown: standings.mastery.quantile(0.5) ?? average)
      json.array("quartiles", of: [0.25, 0.5, 0.75]) { $0.shown(standings.mastery.quantile($1) ?? average) }
      json.member("levels") { $0.levels(standings) }
      json.array("at_risk", of: atRisk) { $0.string($1.text) }
      json.asOf(standings)
    }
  }
}
