internal import MasteryCore

/// One shard of a group.
struct ShardKey: Hashable, Sendable {
  let group: StandingGroup
  let shard: Int

  /// The state key.
  var stateKey: String { group.stateKey(ofShard: shard) }

  /// Whether it belongs to a school as a whole.
  var isOfSchool: Bool { group.cohort == nil }

  /// The shard of the school as a whole that a student of this shard is in.
  func inSchool(of student: StudentID) -> ShardKey { StandingGroup(school: group.school, cohort: nil).shardKey(of: student) }
}
