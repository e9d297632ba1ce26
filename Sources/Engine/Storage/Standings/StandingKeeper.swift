internal import DaprClient
internal import MasteryCore

/// Merges results into standings, one batch after the other; updates that arrive in the meantime join the next batch.
final class StandingKeeper: Sendable {
  /// The outcome of updates.
  struct Brought {
    /// The positions of updates that could not be merged now.
    let undone: Set<Int>
    /// Whether the store is down for all students.
    let isOutage: Bool
  }

  private let batcher = Batcher<[StandingUpdate], Brought>()
  private let store: StandingStore

  /// Creates a keeper of the standings in a store.
  init(_ store: StandingStore) {
    self.store = store
  }

  /// Merges updates.
  ///
  /// - Returns: The outcome.
  func take(_ updates: [StandingUpdate], context: CallContext) async -> Brought {
    await batcher.take(updates) { batch in await bringIn(batch, context) }
  }

  private func bringIn(_ batch: [[StandingUpdate]], _ context: CallContext) async -> [Brought] {
    var parts: [ShardKey: [(student: StudentID, entry: StandingShard.Entry)]] = [:]
    var shardKeys: [ShardKey] = []
    for update in batch.lazy.joined() {
      for (shardKey, entry) in update.parts {
        if parts[shardKey] == nil { shardKeys.append(shardKey) }
        parts[shardKey, default: []].append((update.key.student, entry))
      }
    }
    // A school comes before its cohorts: students that it knows as erased are removed from those too, whatever they know. Where the
    // school's shard has not been read, its students are left for the next time.
    shardKeys = shardKeys.filter(\.isOfSchool) + shardKeys.filter { !$0.isOfSchool }
    var erased: [StudentKey: StandingShard.Erasure] = [:]
    var unjudged: [StudentKey: StandingStore.LifeVerdict] = [:]
    var (known, left): (Set<ShardKey>, Set<ShardKey>) = ([], [])
    var undone = await store.change(shardKeys, context: context) { (shardKey, shard, beginsAnew) throws(SidecarFailure) in
      left.remove(shardKey)
      if shardKey.isOfSchool { known.insert(shardKey) }
      let students = parts[shardKey]?.map(\.student) ?? []
      let lives = beginsAnew ? await store.lives(of: Set(students).sorted(), school: shardKey.group.school, context: context) : nil
      for (student, entry) in parts[shardKey] ?? [] {
        if let lives, lives[student].map({ $0 > entry.version.epoch }) ?? true { continue }
        let key = StudentKey(school: shardKey.group.school, student: student)
        guard shardKey.isOfSchool || known.contains(shardKey.inSchool(of: student)) else {
          left.insert(shardKey)
          continue
        }
        if shardKey.isOfSchool, let mark = shard.erasures.isEmpty ? nil : shard.erasures[StandingStore.hash(of: student)] {
          let verdict = await store.verdict(on: entry.version.epoch, of: key, after: mark, context: context)
          unjudged[key] = nil
          switch verdict {
          case .erased(let erasure): erased[key] = erasure
          case .present(let erasure):
            // Raised to that life, so that its next result needs no look at the document.
            shard.erase(student, hash: StandingStore.hash(of: student), erasure)
          case .unknown, .unread: unjudged[key] = verdict
          }
        }
        guard unjudged[key] == nil else { continue }
        if let erasure = erased[key], erasure.covers(entry.version.epoch) {
          shard.erase(student, hash: StandingStore.hash(of: student), erasure)
        } else {
          shard.merge(entry, of: student, hash: StandingStore.hash)
        }
      }
    }
    undone.formUnion(left)
    let isOutage = undone.count == shardKeys.count && !shardKeys.isEmpty ? await !store.sidecar.storeWorks(context: context) : false
    return batch.map { updates in
      let failed = updates.indices.filter { update in
        if case .unread? = unjudged[updates[update].key] { return true }
        return updates[update].parts.contains { undone.contains($0.shardKey) }
      }
      return Brought(undone: Set(failed), isOutage: isOutage)
    }
  }
}
