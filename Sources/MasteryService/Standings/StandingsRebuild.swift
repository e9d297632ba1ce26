public import DaprClient
public import MasteryCore

/// Brings standings in line with the documents of all students whom they know, for a school or for data without one.
public struct StandingsRebuild: Sendable {
  /// What a rebuild has come to.
  public struct Report: Hashable, Sendable {
    /// Students whose documents were found.
    public var students = 0
    /// Students without a document, who stand nowhere any more.
    public var removed = 0
    /// Shards that could not be read or written.
    public var undone = 0
  }

  private static let studentsAtOnce = 100

  private let documents: StudentStore
  private let standings: StandingStore
  private let context = CallContext(deadline: 10_000)

  /// A rebuild through a sidecar.
  ///
  /// - Parameters:
  ///   - sidecar: What the state store is behind.
  ///   - retentionDays: Days that a standing lives.
  ///   - runtime: The clock, waiting, chance.
  ///   - log: Where log lines go.
  public init(sidecar: any Sidecar, retentionDays: Int, runtime: Runtime, log: Log) {
    documents = StudentStore(sidecar: sidecar, retentionDays: retentionDays)
    standings = StandingStore(sidecar: sidecar, runtime: runtime, log: log, retentionDays: retentionDays)
  }

  /// Works out all standings of a school anew.
  ///
  /// - Parameters:
  ///   - school: The school; nil for data that has none.
  ///   - cohorts: Cohorts to look for students in, beside the school as a whole.
  /// - Returns: What became of it.
  /// - Throws: `SidecarFailure` when the store does not say who there is.
  public func run(school: SchoolID?, cohorts: [CohortID]) async throws(SidecarFailure) -> Report {
    var report = Report()
    var students: Set<StudentID> = []
    let groups = StandingGroup.groups(of: school, cohorts)
    for group in groups {
      students.formUnion(try await standings.students(of: group, context: context))
    }
    var places: [ShardKey: Set<StudentID>] = [:]
    for (student, update) in try await updates(of: students.sorted(), school) {
      if update == nil { report.removed += 1 } else { report.students += 1 }
      // Who has no document may still stand where the standings were looked at.
      for place in update?.parts.map(\.place) ?? groups.map({ $0.place(of: student) }) { places[place, default: []].insert(student) }
    }
    // One at a time, so that the engine's own writing hardly ever comes in between.
    for (place, students) in places { report.undone += await rebuild(place, with: students) ? 0 : 1 }
    return report
  }

  /// Puts what the documents say into one shard.
  private func rebuild(_ place: ShardKey, with students: Set<StudentID>) async -> Bool {
    await standings.change([place], context: context) { (_, shard, _) throws(SidecarFailure) in
      for (student, update) in try await updates(of: students.union(shard.entries.keys).sorted(), place.group.school) {
        shard.remove(student)
        guard let entry = update?.parts.first(where: { $0.place == place })?.entry else { continue }
        shard.merge(entry, of: student, hash: StandingStore.hash)
      }
    }.isEmpty
  }

  /// What the documents of students say now; nil of those who have none.
  private func updates(
    of students: [StudentID], _ school: SchoolID?
  ) async throws(SidecarFailure) -> [(student: StudentID, update: StandingUpdate?)] {
    var updates: [(student: StudentID, update: StandingUpdate?)] = []
    for piece in students.pieces(of: Self.studentsAtOnce) {
      let found = try await documents.load(
        piece.map { StudentKey(school: school, student: $0) }, announcements: .none, context: context)
      for (student, found) in zip(piece, found) {
        switch found.stored {
        case .document(let document): updates.append((student, StandingUpdate(document)))
        case .absent: updates.append((student, nil))
        // What cannot be read says nothing of how its student stands: the standings stay.
        case .faulty: continue
        case .failed(let why): throw .unread(why)
        }
      }
    }
    return updates
  }
}
