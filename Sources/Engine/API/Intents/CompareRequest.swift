internal import JSON
internal import MasteryCore
internal import Schemas

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
    fields: [student.required, scope.declaration, cohort.declaration, course.declaration, metric.declaration],
    answers: [compared.declaration],
    example: #"""
      {"student_id":"anna","course_id":"python-1"}
      """#)

  /// A student among others.
  private struct Compared {
    let student: StudentID
    let scope: Scope
    let course: CourseID?
    let cohort: CohortID?
    let overall: Shown
    let total: Int
    /// Why the numbers of the others are hidden; nil if they are shown.
    let reason: String?
    /// Nil if it is not asked for.
    let byComponent: ComponentValues<Shown>?
    /// When the latest of the others' results was saved.
    let asOf: Timestamp?
  }

  /// A comparison, or the student's own part of it.
  private struct Shown {
    let score: Int
    /// Nil if it is hidden.
    let others: Comparison?

    init(_ comparison: Comparison, isHidden: Bool) {
      score = comparison.score
      others = isHidden ? nil : comparison
    }

    static let members = ObjectShape<Self>("Comparison", "where a score stands among others; null where too few others are compared") {
      Member("student_score", .thousandths, "the student's own score") { $0.score }
      Member.nullable("cohort_average", .score, "the mean of the group, the student included") { $0.others?.average }
      Member.nullable("cohort_median", .score, "the median of the group") { $0.others?.median }
      Member.nullable("percentile", percentile, "(number below + half of those equal) / total × 100, rounded to 3 decimals") {
        $0.others?.percentile
      }
      Member.nullable("ranking", .integer(1...Int64(1) << 53), "1 + number above") { $0.others?.ranking }
    }

    private static let percentile = Shape<Double>(.number(0...100)) { $1.shown($0) }
  }

  private static let compared = AnswerShape(
    "where the student stands",
    ObjectShape<Compared>("CohortComparison", "where a student stands in the cohort, the class or the school") {
      Member("student_id", .id, "the student") { $0.student }
      Member("scope", .word, "with whom the student is compared") { $0.scope }
      Member.optional("course_id", .id, "the course that was asked for") { $0.course }
      Member.optional("cohort_id", .id, "the cohort") { $0.cohort }
      Member.all(of: Shown.members) { $0.overall }
      Member("total_students", .count, "the size of the group, the student included") { $0.total }
      Member.optional("reason", .text(), "why the numbers of the group are hidden") { $0.reason }
      Member.optional("by_component", byComponent.shape, "the same for each component, if that is asked for") { $0.byComponent }
      Member.optional(
        "as_of", Shape<Timestamp>.moment.orNull, "when the latest of the others' results was saved; not told of a hidden group"
      ) {
        $0.reason == nil ? .some($0.asOf) : nil
      }
    })

  private static let byComponent = ObjectShape<ComponentValues<Shown>>(
    "ComponentComparison", "where each component's score stands among others"
  ) {
    Member.optional("completion", Shown.members.shape, "completion") { $0.completion }
    Member.optional("quiz", Shown.members.shape, "quiz") { $0.quiz }
    Member.optional("quality", Shown.members.shape, "quality") { $0.quality }
    Member.optional("consistency", Shown.members.shape, "consistency") { $0.consistency }
  }

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
    let byComponent =
      metric == .byComponent
      ? ComponentValues { component in
        Shown(Comparison(of: own.components[component] ?? 0, among: others[component]), isHidden: reason != nil)
      } : nil
    return Answer(
      Self.compared,
      Compared(
        student: student, scope: scope, course: course, cohort: group.cohort, overall: Shown(overall, isHidden: reason != nil),
        total: overall.total, reason: reason, byComponent: byComponent,
        // In a group of two it would tell when the other one worked.
        asOf: reason == nil ? others.asOf : nil))
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
}
