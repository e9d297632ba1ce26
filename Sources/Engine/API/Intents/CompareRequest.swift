internal import JSON
internal import MasteryCore

/// Compares a student with others.
struct CompareRequest: Intent {
  private static let student = Field.student("who is compared")
  private static let course = Field.course("whose cohort, for scope cohort; also that of the course in which the student is compared")
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
    fields: [student.declaration, scope.declaration, cohort.declaration, course.declaration, metric.declaration])

  private let student: StudentID
  private let scope: Scope
  private let cohort: CohortID?
  private let course: CourseID?
  private let metric: Metric

  init(_ fields: RequestFields) throws(JSONInvalid) {
    student = try fields.required(Self.student)
    scope = try fields.optional(Self.scope) ?? .cohort
    cohort = try fields.optional(Self.cohort)
    course = try fields.optional(Self.course)
    metric = try fields.optional(Self.metric) ?? .overall
    if let cohort, scope != .cohort {
      throw JSONInvalid(field: "cohort_id", value: cohort.text, constraint: "is for scope cohort")
    }
    if let course, scope == .school {
      throw JSONInvalid(field: "course_id", value: course.text, constraint: "is for scopes cohort and class")
    }
  }

  var subject: StudentID? { student }

  func answer(_ context: IntentContext) async throws(Problem) -> Answer {
    if scope == .class, context.caller.role != .teacher { throw .forbidden }
    let document = try await context.document(of: student)
    let group = try group(of: document)
    let others = try await others(group, context)
    let own = ShownMastery(document.evidence.mastery(of: group.evidence))
    let overall = Comparison(of: own.score, among: others.mastery)
    let reason = try await reasonToHide(overall.total, group, document, context)
    return Answer { json in
      json.identity(student, nil, nil)
      json.member("scope", scope.rawValue)
      if let course { json.member("course_id", course.text) }
      if let cohort = group.cohort { json.member("cohort_id", cohort.text) }
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

  /// The group that a student is compared with, and the evidence that counts there.
  private struct Group {
    /// Nil for the class and for the school.
    var cohort: CohortID?
    var evidence = EvidenceScope.student
  }

  private func group(of document: StudentDocument) throws(Problem) -> Group {
    let evidence = document.evidence
    guard scope == .cohort else { return try known(Group(evidence: document.scope(of: course)), document) }
    let named = course.map { evidence.cohort(in: $0) } ?? evidence.cohort?.cohort
    guard let own = cohort ?? named, let counted = evidence.scope(of: own), course == nil || named == own else {
      let within = course.map { " of the course \($0.text)" } ?? ""
      throw .notFound("\(student.text) is in no cohort\(cohort.map { " \($0.text)" } ?? "")\(within)")
    }
    return try known(Group(cohort: own, evidence: counted), document)
  }

  /// The group, unless nothing is left of the student to compare with it: such a student does not count for others either.
  private func known(_ group: Group, _ document: StudentDocument) throws(Problem) -> Group {
    guard document.evidence.isKnown(group.evidence) else {
      throw .notFound("nothing is known of \(student.text)\(group.cohort.map { " in the cohort \($0.text)" } ?? "")")
    }
    return group
  }

  /// The standings of the others; the student is left out of published results, because the document has the latest state.
  private func others(_ group: Group, _ context: IntentContext) async throws(Problem) -> CohortStandings {
    scope == .class ? try await classmates(group, context) : try await others(of: group.cohort, context)
  }

  /// The standings of the others of a cohort, or of the whole school.
  private func others(of cohort: CohortID?, _ context: IntentContext) async throws(Problem) -> CohortStandings {
    let group = StandingGroup(school: context.caller.school, cohort: cohort)
    return try await context.standings.standings(of: group, without: student, context: context.call)
  }

  /// Why the calling student may see no more of the group than its size; nil if there is no reason.
  ///
  /// The score of another could be worked out from the numbers of few students, and from those of groups that differ by few.
  private func reasonToHide(
    _ total: Int, _ group: Group, _ document: StudentDocument, _ context: IntentContext
  ) async throws(Problem) -> String? {
    let least = context.minimumGroup
    guard context.caller.role == .student, scope != .class else { return nil }
    guard total >= least else { return "the \(scope.rawValue) has fewer than \(least) students" }
    let cohorts = document.evidence.currentCohorts
    // Neither the school without cohorts nor a cohort that is the only one can be compared with another group that is looked at before it.
    guard cohorts.count > (scope == .cohort ? 1 : 0) else { return nil }
    guard cohorts.count < ShownGroups.mostGroups else {
      return
        "the student is in more than \(ShownGroups.mostGroups - 1) cohorts, too many to make sure that no other student's score can be worked out"
    }
    let members = try await context.standings.members(of: cohorts, in: context.caller.school, context: context.call)
    let shown = ShownGroups(to: student, cohorts: members, school: scope == .school ? total : nil, least: least).shown
    return shown.contains(group.cohort.map { .cohort($0) } ?? .school)
      ? nil : "together with the student's other groups it would tell of fewer than \(least) students"
  }

  /// The standings of the calling teacher's students, from their documents.
  private func classmates(_ group: Group, _ context: IntentContext) async throws(Problem) -> CohortStandings {
    var sum = CohortStandings()
    // A class may have thousands of students, so only the shown values are held.
    try await context.store.eachDocument(
      of: context.caller.students.subtracting([student]), school: context.caller.school, context: context.call
    ) { (_, document) throws(Problem) in
      switch document {
      case .success(let document) where document.evidence.isKnown(group.evidence):
        sum.add(ShownMastery(document.evidence.mastery(of: group.evidence)), at: document.ledger.lastRevision?.savedAt, nil)
      case .failure(let problem) where problem.code == .unavailable: throw problem
      case .success, .failure: break
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
