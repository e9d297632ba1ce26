internal import MasteryCore

/// Students who are compared with each other: a cohort of a school, or the school as a whole.
struct StandingGroup: Hashable, Sendable {
  /// What stands in place of a cohort's name for the school as a whole.
  private static let wholeSchool = "_school"

  let school: SchoolID?
  /// Nil for the school as a whole.
  let cohort: CohortID?

  /// A group; a cohort that is called as the school as a whole is it.
  init(school: SchoolID?, cohort: CohortID?) {
    self.school = school
    self.cohort = cohort?.text == Self.wholeSchool ? nil : cohort
  }

  /// A school as a whole, and some of its cohorts: each once.
  static func groups(of school: SchoolID?, _ cohorts: [CohortID]) -> [Self] {
    cohorts.reduce(into: [Self(school: school, cohort: nil)]) { groups, cohort in
      let group = Self(school: school, cohort: cohort)
      if !groups.contains(group) { groups.append(group) }
    }
  }

  /// Where the standings of the group lie.
  var places: [ShardKey] { (0..<shards).map { ShardKey(group: self, shard: $0) } }

  /// Where a student's standing lies, the same for every process and release.
  func place(of student: StudentID) -> ShardKey {
    let hash = Self.hash(of: StudentKey(school: school, student: student))
    return ShardKey(group: self, shard: Int(truncatingIfNeeded: hash % UInt64(shards)))
  }

  /// Parts of a school's students: those of one lie in the same shard of each cohort, and in few shards of the school.
  static func part(of student: StudentKey) -> Int { Int(truncatingIfNeeded: hash(of: student) % UInt64(cohortShards)) }

  /// FNV-1a (draft-eastlake-fnv) of school and student, stirred as MurmurHash3 does at its end: by itself it hardly moves its upper bits
  /// for the last letters of an id, and its lowest not for all of them.
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

  fileprivate func stateKey(ofShard shard: Int) -> String {
    school.stateKey("cohort:\(cohort?.text ?? Self.wholeSchool):standing:\(shard)")
  }
}

/// One shard of a group.
struct ShardKey: Hashable, Sendable {
  let group: StandingGroup
  let shard: Int

  /// The state key.
  var stateKey: String { group.stateKey(ofShard: shard) }
}
