internal import DaprClient
internal import Encodings
internal import MasteryCore

/// Reads standings, and merges results into them.
struct StandingStore: Sendable {
  /// Number of shards read or written in one request.
  private static let atOnce = 32

  /// The documents that standings are made from.
  let documents: StudentStore
  let runtime: Runtime
  let log: Log

  var sidecar: any Sidecar { documents.sidecar }
  /// Days that a standing is kept after its result.
  var retentionDays: Int { documents.retentionDays }

  // MARK: Reading

  /// The combined standings of a group's students.
  ///
  /// - Parameters:
  ///   - group: The group.
  ///   - student: A student to leave out, because more is known about them.
  ///   - names: The students who may be named when at risk.
  ///   - context: Deadline and trace.
  /// - Returns: The sum of all shards.
  /// - Throws: `Problem` if the store gives no answer, or a shard cannot be read.
  func standings(
    of group: StandingGroup, without student: StudentID? = nil, naming names: @escaping @Sendable (StudentID) -> Bool = { _ in false },
    context: CallContext
  ) async throws(Problem) -> CohortStandings {
    let earliest = earliest
    var sum = CohortStandings()
    for keys in group.shardKeys.pieces(of: Self.atOnce) {
      do throws(SidecarFailure) {
        let loaded = try await sidecar.load(keys.map(\.stateKey), context: context) { _, value -> CohortStandings? in
          try? StandingShard.sum(of: value, since: earliest, without: student, naming: names)
        }
        for shard in loaded { sum.add(try Self.sum(shard)) }
      } catch {
        throw .unavailable("the state store")
      }
    }
    return sum
  }

  /// The students known to a group's standings, including those who have left.
  ///
  /// - Throws: `SidecarFailure` if the store gives no answer; a damaged shard counts as empty.
  func students(of group: StandingGroup, context: CallContext) async throws(SidecarFailure) -> Set<StudentID> {
    var students: Set<StudentID> = []
    for keys in group.shardKeys.pieces(of: Self.atOnce) {
      let loaded = try await sidecar.load(keys.map(\.stateKey), context: context) { _, value in
        (try? StandingShard(value)).map { Array($0.entries.keys) } ?? []
      }
      for shard in loaded {
        if case .unreadable = shard.state { continue }
        students.formUnion(try shard.found()?.value ?? [])
      }
    }
    return students
  }

  /// The students who are in cohorts of a school now.
  ///
  /// - Parameters:
  ///   - cohorts: The cohorts.
  ///   - school: The school.
  ///   - context: Deadline and trace.
  /// - Returns: The members of each cohort.
  /// - Throws: `Problem` if the store gives no answer, or a shard cannot be read.
  func members(
    of cohorts: [CohortID], in school: SchoolID?, context: CallContext
  ) async throws(Problem) -> [CohortID: Set<StudentID>] {
    let earliest = earliest
    var members: [CohortID: Set<StudentID>] = [:]
    do throws(SidecarFailure) {
      for cohort in cohorts {
        var found: Set<StudentID> = []
        for keys in StandingGroup(school: school, cohort: cohort).shardKeys.pieces(of: Self.atOnce) {
          let loaded = try await sidecar.load(keys.map(\.stateKey), context: context) { _, value -> [StudentID]? in
            guard let shard = try? StandingShard(value) else { return nil }
            return shard.entries.compactMap { student, entry in entry.counted(since: earliest) == nil ? nil : student }
          }
          for shard in loaded {
            guard let shard = try shard.found() else { continue }
            guard let students = shard.value else { throw .unintelligible("a shard cannot be read") }
            found.formUnion(students)
          }
        }
        members[cohort] = found
      }
    } catch {
      throw .unavailable("the state store")
    }
    return members
  }

  private static func sum(_ shard: Loaded<CohortStandings?>) throws(SidecarFailure) -> CohortStandings {
    guard let found = try shard.found() else { return CohortStandings() }
    guard let sum = found.value else { throw .unintelligible("a shard cannot be read") }
    return sum
  }

  // MARK: Writing

  /// Changes a shard.
  typealias Change = (_ key: ShardKey, _ shard: inout StandingShard, _ beginsAnew: Bool) async throws(SidecarFailure) -> Void

  /// Changes shards: load, change and save the changed ones, again from the newly stored shard if another writer was faster.
  ///
  /// An unreadable shard starts over: its content can be restored from the documents.
  ///
  /// - Parameters:
  ///   - keys: The shards' keys.
  ///   - context: Deadline and trace.
  ///   - change: Changes a shard; called again for each try, and told whether the shard starts over and so does not know who was erased.
  /// - Returns: The shards that could not be changed now.
  func change(
    _ keys: [ShardKey], context: CallContext, _ change: Change
  ) async -> Set<ShardKey> {
    var undone: Set<ShardKey> = []
    for piece in keys.pieces(of: Self.atOnce) {
      var open = Array(piece)
      _ = await runtime.retrying { () async -> Attempt<Void> in
        do throws(SidecarFailure) {
          open = try await attempt(open, context, change)
          return open.isEmpty ? .done(()) : .again
        } catch {
          // This is an outage, and another try would only add load.
          return .over
        }
      }
      undone.formUnion(open)
    }
    return undone
  }

  /// Makes one try.
  ///
  /// - Returns: The shards still to be changed.
  /// - Throws: `SidecarFailure` if nothing can be read.
  private func attempt(
    _ keys: [ShardKey], _ context: CallContext, _ change: Change
  ) async throws(SidecarFailure) -> [ShardKey] {
    let loaded = try await sidecar.load(keys.map(\.stateKey), context: context) { _, value in
      Result { () throws(DocumentFault) in try StandingShard(value) }
    }
    var (items, saved, open): ([SaveItem], [ShardKey], [ShardKey]) = ([], [], [])
    for (key, shard) in zip(keys, loaded) {
      guard let standing = standing(shard.state, at: key) else {
        open.append(key)
        continue
      }
      var changed = standing.shard
      try await change(key, &changed, standing.beginsAnew)
      guard changed != standing.shard else { continue }
      changed.expire(before: earliest)
      items.append(
        SaveItem(key: key.stateKey, value: changed.bytes, condition: standing.condition, secondsToLive: retentionDays * 86_400))
      saved.append(key)
    }
    if let failure = await save(items, context) {
      guard case .refused = failure, let key = saved.first else { return open + saved }
      guard saved.count > 1 else {
        report("standings cannot be saved", key, "\(failure)")
        return open
      }
      // A shard that the store refuses must not affect its neighbours.
      for key in saved { open += try await attempt([key], context, change) }
    }
    return open
  }

  private func save(_ items: [SaveItem], _ context: CallContext) async -> SidecarFailure? {
    guard !items.isEmpty else { return nil }
    do throws(SidecarFailure) {
      try await sidecar.save(items, context: context)
      return nil
    } catch {
      return error
    }
  }

  /// The stored shard and the condition for replacing it; nil if it could not be read.
  private func standing(
    _ state: Loaded<Result<StandingShard, DocumentFault>>.State, at key: ShardKey
  ) -> (shard: StandingShard, condition: SaveItem.Condition, beginsAnew: Bool)? {
    switch state {
    case .missing: return (StandingShard(), .absent, false)
    case .value(.success(let shard), let etag): return (shard, .matches(etag), false)
    case .value(.failure(.unreadable(let part)), let etag):
      report("standings begin anew", key, "unreadable at \(part)")
      return (StandingShard(), .matches(etag), true)
    case .unreadable(let why, let etag):
      report("standings begin anew", key, why)
      return (StandingShard(), .replacing(unreadable: etag), true)
    case .value(.failure(.newerSchema), _), .failed: return nil
    }
  }

  private func report(_ message: String, _ key: ShardKey, _ reason: String) {
    log(LogLine(.error, message, [("key", .text(key.stateKey)), ("reason", .text(reason))]), at: runtime.now())
  }

  private var earliest: Timestamp { runtime.now().adding(milliseconds: -Int64(retentionDays) * 86_400_000) }

  /// The hash that identifies an erased student.
  static func hash(of student: StudentID) -> String { String(Digest.sha256(Array(student.text.utf8)).prefix(32)) }
}
