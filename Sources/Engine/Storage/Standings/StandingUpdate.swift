internal import MasteryCore

/// The update of a student's standings from a document.
struct StandingUpdate: Hashable, Sendable {
  /// A cohort that the student is in, and how the student stands there.
  struct InCohort: Hashable, Sendable {
    let cohort: CohortID
    /// The mastery in the courses within which the cohort was joined.
    let mastery: ShownMastery
  }

  let key: StudentKey
  let cohorts: [InCohort]
  let formerCohorts: [CohortID]
  /// How the student stands in the school.
  let standing: Standing

  /// The entries of the update by shard: the school first, with all cohorts, so that an erased student is found in each of them; former
  /// cohorts learn that the student has left.
  var parts: [(shardKey: ShardKey, entry: StandingShard.Entry)] {
    let home = StandingGroup.groups(of: key.school, cohorts.map(\.cohort))
    let former = StandingGroup.groups(of: key.school, formerCohorts).filter { !home.contains($0) }
    var inSchool = standing
    inSchool.cohorts = (home + former).compactMap(\.cohort)
    var parts: [(shardKey: ShardKey, entry: StandingShard.Entry)] = []
    for group in home {
      var own = inSchool
      if let cohort = group.cohort, let inCohort = cohorts.first(where: { $0.cohort == cohort }) {
        own = Standing(version: standing.version, at: standing.at, mastery: inCohort.mastery)
      }
      parts.append((group.shardKey(of: key.student), .member(own)))
    }
    return parts + former.map { ($0.shardKey(of: key.student), .left(standing.version, at: standing.at)) }
  }
}

extension StandingUpdate {
  /// Creates the update from a stored document; nil if no evidence has been saved in it yet.
  init?(_ document: StudentDocument) {
    guard document.ledger.revision > 0 else { return nil }
    let evidence = document.evidence
    let standing = Standing(of: document)
    let cohorts = evidence.currentCohorts
    self.init(
      key: StudentKey(school: document.school, student: document.student),
      cohorts: cohorts.map { cohort in
        let scope = evidence.scope(of: cohort) ?? .student
        return InCohort(cohort: cohort, mastery: scope == .student ? standing.mastery : ShownMastery(evidence.mastery(of: scope)))
      },
      formerCohorts: document.ledger.cohorts.filter { !cohorts.contains($0) }, standing: standing)
  }
}
