internal import JSON
internal import MasteryCore

/// Compares a student with others.
struct CompareRequest: Intent {
  private static let student = Field.student("who is compared")
  private static let scope = Field<Scope>.choice("scope", "with whom; cohort when missing")
  private static let cohort = Field<CohortID>("cohort_id", .identifier, "the cohort, for scope cohort; the student's own when missing") {
    $0.identifier.flatMap(CohortID.init)
  }
  private static let metric = Field<Metric>.choice("metric", "whether components are compared too; overall when missing")

  /// The group that a student is compared with.
  private enum Scope: String, CaseIterable {
    case cohort
    /// The students of the calling teacher.
    case `class`
    case school
  }

  /// The compared value.
  private enum Metric: String, CaseIterable {
    case overall
    case byComponent = "by_component"
  }

  static let declaration = IntentDeclaration(
    name: "cohort_compare", path: "/analytics/compare", summary: "Where a student stands in the cohort, the class or the school.",
    audience: .concerned, perMinute: 30,
    fields: [student.declaration, scope.declaration, cohort.declaration, metric.declaration])

  private let student: StudentID
  private let scope: Scope
  private let cohort: CohortID?
  private let metric: Metric

  init(_ fields: RequestFields) throws(JSONInvalid) {
    student = try fields.required(Self.student)
    scope = try fields.optional(Self.scope) ?? .cohort
    cohort = try fields.optional(Self.cohort)
    metric = try fields.optional(Self.metric) ?? .overall
    if let cohort, scope != .cohort {
      throw JSONInvalid(field: "cohort_id", value: cohort.text, constraint: "is for scope cohort")
    }
  }

  var subject: StudentID? { student }

  func answer(_ context: IntentContext) async throws(Problem) -> Answer {
    if scope == .class, context.caller.role != .teacher { throw .forbidden }
    let document = try await context.document(of: student)
    let others = try await others(document, context)
    let own = ShownMastery(document.evidence.mastery())
    let overall = Comparison(of: own.score, among: others.mastery)
    let reason = try await reasonToHide(overall.total, document, context)
    return Answer { json in
      json.identity(student, nil, nil)
      json.member("scope", scope.rawValue)
      Self.write(overall, isHidden: reason != nil, to: &json)
      json.member("total_students", overall.total)
      if let reason { json.member("reason", reason) }
      if metric == .byComponent {
        json.object("by_component") { json in
          for component in Component.allCases {
            json.object(component.key) { json in
              let comparison = Comparison(of: own.components[component] ?? 0, among: others[component])
              Self.write(comparison, isHidden: reason != nil, to: &json)
            }
          }
        }
      }
      // In a group of two it would tell when the other one worked.
      if reason == nil { json.asOf(others) }
    }
  }

  /// The standings of the others; the student is left out of published results, because the document has the latest state.
  private func others(_ document: StudentDocument, _ context: IntentContext) async throws(Problem) -> CohortStandings {
    switch scope {
    case .class: return try await classmates(context)
    case .school: return try await others(of: nil, context)
    case .cohort:
      let own = document.evidence.cohort?.cohort
      guard let own, cohort ?? own == own else {
        throw .notFound("\(student.text) is in no cohort\(cohort.map { " \($0.text)" } ?? "")")
      }
      return try await others(of: own, context)
    }
  }

  /// The standings of the others of a cohort, or of the whole school.
  private func others(of cohort: CohortID?, _ context: IntentContext) async throws(Problem) -> CohortStandings {
    let group = StandingGroup(school: context.caller.school, cohort: cohort)
    return try await context.standings.standings(of: group, without: student, context: context.call)
  }

  /// Why the calling student may see no more of the group than its size; nil if there is no reason.
  ///
  /// The score of another could be worked out from the numbers of few students, and from those of two groups that differ by few.
  private func reasonToHide(_ total: Int, _ document: StudentDocument, _ context: IntentContext) async throws(Problem) -> String? {
    let least = context.minimumGroup
    guard context.caller.role == .student else { return nil }
    guard total >= least else { return "the \(scope.rawValue) has fewer than \(least) students" }
    guard scope == .school, let cohort = document.evidence.cohort?.cohort else { return nil }
    let beside = total - (try await others(of: cohort, context).total + 1)
    return beside != 0 && beside < least ? "fewer than \(least) students of the school are outside the cohort \(cohort.text)" : nil
  }

  /// The standings of the calling teacher's students, from their documents.
  private func classmates(_ context: IntentContext) async throws(Problem) -> CohortStandings {
    var sum = CohortStandings()
    // A class may have thousands of students, so only the shown values are held.
    try await context.store.eachDocument(
      of: context.caller.students.subtracting([student]), school: context.caller.school, context: context.call
    ) { (_, document) throws(Problem) in
      switch document {
      case .success(let document): sum.add(ShownMastery(document.evidence.mastery()), at: document.ledger.lastRevision?.savedAt, nil)
      case .failure(let problem) where problem.code == .unavailable: throw problem
      case .failure: break
      }
    }
    return sum
  }

  private static func write(_ comparison: Comparison, isHidden: Bool, to json: inout JSONWriter) {
    json.member("student_score", Double(comparison.score) / 1_000)
    let visible = isHidden ? nil : comparison
    json.member("cohort_average", shown: visible?.average)
    json.member("cohort_median", shown: visible?.median)
    json.member("percentile", shown: visible?.percentile)
    json.member("ranking", visible?.ranking)
  }
}
