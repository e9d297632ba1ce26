internal import JSON
internal import MasteryCore

/// What a result, or a document, says of a student's standings.
struct StandingUpdate: Hashable, Sendable {
  let key: StudentKey
  let cohort: CohortID?
  let formerCohorts: [CohortID]
  let standing: Standing

  /// What is to be known where: in the school first, with all cohorts, so that who is erased is found in each; former cohorts learn that
  /// the student has left.
  var parts: [(place: StandingPlace, entry: StandingShard.Entry)] {
    let home = StandingGroup.groups(of: key.school, cohort.map { [$0] } ?? [])
    let former = StandingGroup.groups(of: key.school, formerCohorts).filter { !home.contains($0) }
    var inSchool = standing
    inSchool.cohorts = (home + former).compactMap(\.cohort)
    return home.map { ($0.place(of: key.student), .member($0.cohort == nil ? inSchool : standing)) }
      + former.map { ($0.place(of: key.student), .left(standing.version, at: standing.at)) }
  }
}

extension StandingUpdate {
  /// What a stored document says; nil for one that no evidence has been saved in yet.
  init?(_ document: StudentDocument) {
    guard document.ledger.revision > 0 else { return nil }
    let cohort = document.evidence.cohort?.cohort
    self.init(
      key: StudentKey(school: document.school, student: document.student), cohort: cohort,
      formerCohorts: document.ledger.cohorts.filter { $0 != cohort }, standing: Standing(of: document))
  }

  /// Reads the data of a `mastery.updated`; nil when it is none.
  init?(_ data: JSONValue) {
    guard let student = data["student_id"]?.string.flatMap(StudentID.init), let epoch = data["epoch"]?.integer,
      let revision = data["revision"]?.integer, revision > 0,
      let at = data["timestamp"]?.text.flatMap({ Timestamp(iso8601: $0.bytes) }),
      let mastery = data["mastery_score"].flatMap(Self.thousandths), let level = data["level"]?.string.flatMap(Level.init)
    else { return nil }
    var components = ComponentValues<Int>()
    for component in Component.allCases { components[component] = data["components"]?[component.key].flatMap(Self.thousandths) }
    var former: [CohortID] = []
    for name in data["former_cohorts"]?.elements.compactMap(\.string) ?? [] {
      guard let cohort = CohortID(name) else { return nil }
      former.append(cohort)
    }
    let school = data["school_id"].map { $0.string.flatMap(SchoolID.init) }
    let cohort = data["cohort_id"].map { $0.string.flatMap(CohortID.init) }
    // What is named wrongly must not count as what has no name.
    if case .some(nil) = school { return nil }
    if case .some(nil) = cohort { return nil }
    self.init(
      key: StudentKey(school: school ?? nil, student: student), cohort: cohort ?? nil, formerCohorts: former,
      standing: Standing(
        version: DocumentVersion(epoch: epoch, revision: revision), at: at,
        mastery: ShownMastery(score: mastery, level: level, components: components)))
  }

  private static func thousandths(_ value: JSONValue) -> Int? {
    value.number.flatMap { (0...1).contains($0) ? ShownMastery.thousandths($0) : nil }
  }
}
