public import DaprClient
public import MasteryCore

/// Rebuilds standings from the documents of all students in them, for a school or for data without one.
public struct StandingsRebuild: Sendable {
  /// The result of a rebuild.
  public struct Report: Hashable, Sendable {
    /// Students whose documents were found.
    public var students = 0
    /// Students without a document, who were removed.
    public var removed = 0
    /// Shards that could not be read or written.
    public var undone = 0
  }

  private static let studentsAtOnce = 100

  private let standings: StandingStore
  private let context = CallContext(deadline: 10_000)

  /// Creates a rebuild through a sidecar.
  ///
  /// - Parameters:
  ///   - sidecar: The sidecar in front of the state store.
  ///   - retentionDays: Days that a standing is kept.
  ///   - scoring: What the days of a topic come to.
  ///   - runtime: The clock, sleeping and randomness.
  ///   - log: The log.
  public init(sidecar: any Sidecar, retentionDays: Int, scoring: Scoring, runtime: Runtime, log: Log) {
    standings = StandingStore(
      documents: StudentStore(sidecar: sidecar, retentionDays: retentionDays, scoring: scoring), runtime: runtime, log: log)
  }

  /// Recomputes all standings of a school.
  ///
  /// - Parameters:
  ///   - school: The school; nil for data without one.
  ///   - cohorts: Cohorts to search for students, beside the whole school.
  /// - Returns: The result.
  /// - Throws: `SidecarFailure` if the store does not return the students.
  public func run(school: SchoolID?, cohorts: [CohortID]) async throws(SidecarFailure) -> Report {
    var report = Report()
    var students: Set<StudentID> = []
    let groups = StandingGroup.groups(of: school, cohorts)
    for group in groups {
      students.formUnion(try await standings.students(of: group, context: context))
    }
    var members: [ShardKey: Set<StudentID>] = [:]
    for (student, update) in try await updates(of: students.sorted(), school) {
      if update == nil { report.removed += 1 } else { report.students += 1 }
      // A student without a document may still be in the standings that were read.
      let shardKeys = update?.parts.map(\.shardKey) ?? groups.map { $0.shardKey(of: student) }
      for shardKey in shardKeys { members[shardKey, default: []].insert(student) }
    }
    // One shard at a time, so that the engine's own writes rarely interfere.
    for (shardKey, students) in members { report.undone += await rebuild(shardKey, with: students) ? 0 : 1 }
    return report
  }

  /// Replaces the entries of one shard according to the documents.
  private func rebuild(_ shardKey: ShardKey, with students: Set<StudentID>) async -> Bool {
    await standings.change([shardKey], context: context) { (_, shard, _) throws(SidecarFailure) in
      for (student, update) in try await updates(of: students.union(shard.entries.keys).sorted(), shardKey.group.school) {
        shard.remove(student)
        guard let entry = update?.parts.first(where: { $0.shardKey == shardKey })?.entry else { continue }
        shard.merge(entry, of: student, hash: StandingStore.hash)
      }
    }.isEmpty
  }

  /// The updates from students' documents; nil for students without one.
  private func updates(
    of students: [StudentID], _ school: SchoolID?
  ) async throws(SidecarFailure) -> [(student: StudentID, update: StandingUpdate?)] {
    var updates: [(student: StudentID, update: StandingUpdate?)] = []
    for piece in students.pieces(of: Self.studentsAtOnce) {
      let found = try await standings.documents.load(
        piece.map { StudentKey(school: school, student: $0) }, announcements: .none, context: context)
      for (student, found) in zip(piece, found) {
        switch found.stored {
        case .document(let document): updates.append((student, StandingUpdate(document)))
        case .absent: updates.append((student, nil))
        // An unreadable document says nothing about its student's standing, so the standings stay unchanged.
        case .faulty: continue
        case .failed(let why): throw .unread(why)
        }
      }
    }
    return updates
  }
}
