internal import DaprClient
internal import Encodings
internal import JSON
internal import MasteryCore

/// Reads standings, and brings into them what results say.
struct StandingStore: Sendable {
  /// Shards that are read or written in one request.
  private static let atOnce = 32

  let sidecar: any Sidecar
  let runtime: Runtime
  let log: Log
  /// Days that a standing lives from its result on.
  let retentionDays: Int

  // MARK: Reading

  /// How the students of a group stand together.
  ///
  /// - Parameters:
  ///   - group: The group.
  ///   - student: Who is left out, since more is known of them.
  ///   - names: Who may be named when at risk.
  ///   - context: Deadline and trace.
  /// - Returns: All of them together.
  /// - Throws: `Problem` when the store does not say, or a shard cannot be read.
  func standings(
    of group: StandingGroup, without student: StudentID? = nil, naming names: @escaping @Sendable (StudentID) -> Bool = { _ in false },
    context: CallContext
  ) async throws(Problem) -> CohortStandings {
    let earliest = earliest
    var sum = CohortStandings()
    for places in group.places.pieces(of: Self.atOnce) {
      do throws(SidecarFailure) {
        let loaded = try await sidecar.load(places.map(\.stateKey), context: context) { _, value -> CohortStandings? in
          try? StandingShard.sum(of: value, since: earliest, without: student, naming: names)
        }
        for shard in loaded { sum.add(try Self.sum(shard)) }
      } catch {
        throw .unavailable("the state store")
      }
    }
    return sum
  }

  /// Whom the standings of a group know, those who have left included.
  ///
  /// - Throws: `SidecarFailure` when the store does not say; a damaged shard knows nobody.
  func students(of group: StandingGroup, context: CallContext) async throws(SidecarFailure) -> Set<StudentID> {
    var students: Set<StudentID> = []
    for places in group.places.pieces(of: Self.atOnce) {
      let loaded = try await sidecar.load(places.map(\.stateKey), context: context) { _, value in
        (try? StandingShard(value)).map { Array($0.entries.keys) } ?? []
      }
      for shard in loaded {
        if case .unreadable = shard.state { continue }
        students.formUnion(try shard.found()?.value ?? [])
      }
    }
    return students
  }

  private static func sum(_ shard: Loaded<CohortStandings?>) throws(SidecarFailure) -> CohortStandings {
    guard let found = try shard.found() else { return CohortStandings() }
    guard let sum = found.value else { throw .unintelligible("a shard cannot be read") }
    return sum
  }

  // MARK: Changing

  /// Changes a shard.
  typealias Change = (_ place: ShardKey, _ shard: inout StandingShard, _ beginsAnew: Bool) async throws(SidecarFailure) -> Void

  /// Changes shards: load, change, save those that have changed, and again from what stands there then where another was faster.
  ///
  /// A shard that cannot be read begins anew: whatever it held can be had again from the documents.
  ///
  /// - Parameters:
  ///   - places: The shards.
  ///   - context: Deadline and trace.
  ///   - change: Changes one; called again for each try, and told whether it begins anew, so that it does not know who was erased.
  /// - Returns: The shards that could not be changed for now.
  func change(
    _ places: [ShardKey], context: CallContext, _ change: Change
  ) async -> Set<ShardKey> {
    var undone: Set<ShardKey> = []
    for piece in places.pieces(of: Self.atOnce) {
      var open = Array(piece)
      for count in 1...StudentStore.tries where !open.isEmpty {
        if count > 1 { await runtime.pause(afterTry: count - 1) }
        do throws(SidecarFailure) {
          open = try await attempt(open, context, change)
        } catch {
          // An outage: another try would only add to it.
          break
        }
      }
      undone.formUnion(open)
    }
    return undone
  }

  /// One try.
  ///
  /// - Returns: The shards that are still to be changed.
  /// - Throws: `SidecarFailure` when nothing can be read.
  private func attempt(
    _ places: [ShardKey], _ context: CallContext, _ change: Change
  ) async throws(SidecarFailure) -> [ShardKey] {
    let loaded = try await sidecar.load(places.map(\.stateKey), context: context) { _, value in
      Result { () throws(DocumentFault) in try StandingShard(value) }
    }
    var (items, saved, open): ([SaveItem], [ShardKey], [ShardKey]) = ([], [], [])
    for (place, shard) in zip(places, loaded) {
      guard let standing = standing(shard.state, at: place) else {
        open.append(place)
        continue
      }
      var changed = standing.shard
      try await change(place, &changed, standing.beginsAnew)
      guard changed != standing.shard else { continue }
      changed.expire(before: earliest)
      items.append(
        SaveItem(key: place.stateKey, value: changed.bytes, condition: standing.condition, secondsToLive: retentionDays * 86_400))
      saved.append(place)
    }
    if let failure = await save(items, context) {
      guard case .refused = failure, let place = saved.first else { return open + saved }
      guard saved.count > 1 else {
        report("standings cannot be saved", place, "\(failure)")
        return open
      }
      // One that the store refuses must not harm its neighbours.
      for place in saved { open += try await attempt([place], context, change) }
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

  /// What stands in a place, and the condition under which it may be replaced; nil where that cannot be said.
  private func standing(
    _ state: Loaded<Result<StandingShard, DocumentFault>>.State, at place: ShardKey
  ) -> (shard: StandingShard, condition: SaveItem.Condition, beginsAnew: Bool)? {
    switch state {
    case .missing: return (StandingShard(), .absent, false)
    case .value(.success(let shard), let etag): return (shard, .matches(etag), false)
    case .value(.failure(.unreadable(let part)), let etag):
      report("standings begin anew", place, "unreadable at \(part)")
      return (StandingShard(), .matches(etag), true)
    case .unreadable(let why, let etag):
      report("standings begin anew", place, why)
      return (StandingShard(), .replacing(unreadable: etag), true)
    case .value(.failure(.newerSchema), _), .failed: return nil
    }
  }

  private func report(_ message: String, _ place: ShardKey, _ reason: String) {
    log(LogLine(.error, message, [("key", .text(place.stateKey)), ("reason", .text(reason))]), at: runtime.now())
  }

  private var earliest: Timestamp { runtime.now().adding(milliseconds: -Int64(retentionDays) * 86_400_000) }

  /// The hash by which an erased student is remembered.
  static func hash(of student: StudentID) -> String { String(Digest.sha256(Array(student.text.utf8)).prefix(32)) }
}
