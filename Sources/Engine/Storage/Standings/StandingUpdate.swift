internal import MasteryCore

/// The update of a student's standings from a document.
struct StandingUpdate: Hashable, Sendable {
  let key: StudentKey
  let cohort: CohortID?
  let formerCohorts: [CohortID]
  let standing: Standing

  /// The entries of the update by shard: the school first, with all cohorts, so that an erased student is found in each of them; former
  /// cohorts learn that the student has left.
  var parts: [(shardKey: ShardKey, entry: StandingShard.Entry)] {
    let home = StandingGroup.groups(of: key.school, cohort.map { [$0] } ?? [])
    let former = StandingGroup.groups(of: key.school, formerCohorts).filter { !home.contains($0) }
    var inSchool = standing
    inSchool.cohorts = (home + former).compactMap(\.cohort)
    return home.map { ($0.shardKey(of: key.student), .member($0.cohort == nil ? inSchool : standing)) }
      + former.map { ($0.shardKey(of: key.student), .left(standing.version, at: standing.at)) }
  }
}

extension StandingUpdate {
  /// Creates the update from a stored document; nil if no evidence has been saved in it yet.
  init?(_ document: StudentDocument) {
    guard document.ledger.revision > 0 else { return nil }
    let cohort = document.evidence.cohort?.cohort
    self.init(
      key: StudentKey(school: document.school, student: document.student), cohort: cohort,
      formerCohorts: document.ledger.cohorts.filter { $0 != cohort }, standing: Standing(of: document))
  }
}
