internal import MasteryCore

/// Students who are compared with each other: a cohort of a school, or the whole school.
struct StandingGroup: Hashable, Sendable {
  let school: SchoolID?
  /// Nil for the whole school.
  let cohort: CohortID?

  /// A whole school and some of its cohorts, without duplicates.
  static func groups(of school: SchoolID?, _ cohorts: [CohortID]) -> [Self] {
    cohorts.reduce(into: [Self(school: school, cohort: nil)]) { groups, cohort in
      let group = Self(school: school, cohort: cohort)
      if !groups.contains(group) { groups.append(group) }
    }
  }

  /// The keys of the shards with the group's standings.
  var shardKeys: [ShardKey] { (0..<shards).map { ShardKey(group: self, shard: $0) } }

  /// The key of the shard with a student's standing, the same in every process and release.
  func shardKey(of student: StudentID) -> ShardKey {
    let hash = Self.hash(of: StudentKey(school: school, student: student))
    return ShardKey(group: self, shard: Int(truncatingIfNeeded: hash % UInt64(shards)))
  }

  /// A partition of a school's students: those of one part are in the same shard of each cohort, and in few shards of the school.
  static func part(of student: StudentKey) -> Int { Int(truncatingIfNeeded: hash(of: student) % UInt64(cohortShards)) }

  /// FNV-1a (draft-eastlake-fnv) of school and student with the MurmurHash3 finalizer: FNV-1a alone hardly changes its upper bits for the
  /// last letters of an id, and not always its lowest ones.
  private static func hash(of student: StudentKey) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in student.school?.text.utf8 ?? "".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    hash = (hash ^ UInt64(UInt8(ascii: ":"))) &* 0x100_0000_01B3
    for byte in student.student.text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    hash = (hash ^ hash >> 33) &* 0xFF51_AFD7_ED55_8CCD
    hash = (hash ^ hash >> 33) &* 0xC4CE_B9FE_1A85_EC53
    return hash ^ hash >> 33
  }

  private static let cohortShards = 16
  private var shards: Int { cohort == nil ? 4 * Self.cohortShards : Self.cohortShards }

  func stateKey(ofShard shard: Int) -> String {
    school.stateKey("cohort:\(cohort?.text.inStateKey ?? CohortID.wholeSchool):standing:\(shard)")
  }
}
