internal import DaprClient
internal import MasteryCore
internal import Synchronization

/// Merges results into standings, one batch after the other; updates that arrive in the meantime join the next batch.
final class StandingKeeper: Sendable {
  /// The outcome of updates.
  struct Brought {
    /// The positions of updates that could not be merged now.
    let undone: Set<Int>
    /// Whether the store is down for all students.
    let isOutage: Bool
  }

  /// Updates that wait to be merged together, and their outcome.
  private final class Visit: Sendable {
    let updates: [StandingUpdate]
    /// The outcome; nil while pending.
    let result = Mutex<Brought?>(nil)

    init(_ updates: [StandingUpdate]) { self.updates = updates }
  }

  private let waiting = Mutex<[Visit]>([])
  private let turns = AsyncSemaphore(1)
  private let store: StandingStore

  /// Creates a keeper of the standings in a store.
  init(_ store: StandingStore) {
    self.store = store
  }

  /// Merges updates.
  ///
  /// - Returns: The outcome.
  func take(_ updates: [StandingUpdate], context: CallContext) async -> Brought {
    let visit = Visit(updates)
    waiting.withLock { $0.append(visit) }
    await turns.take {
      // An earlier batch may have included these; then they are done, because turns do not overlap.
      let visits = waiting.withLock { waiting in
        defer { waiting = [] }
        return waiting
      }
      await bringIn(visits, context)
    }
    return visit.result.withLock { $0 } ?? Brought(undone: Set(updates.indices), isOutage: true)
  }

  private func bringIn(_ visits: [Visit], _ context: CallContext) async {
    guard !visits.isEmpty else { return }
    var parts: [ShardKey: [(student: StudentID, entry: StandingShard.Entry)]] = [:]
    var places: [ShardKey] = []
    for update in visits.lazy.flatMap(\.updates) {
      for (place, entry) in update.parts {
        if parts[place] == nil { places.append(place) }
        parts[place, default: []].append((update.key.student, entry))
      }
    }
    // A school comes before its cohorts: students that it knows as erased are removed from those too, whatever they know. Where the
    // school's shard has not been read, its students are left for the next time.
    places = places.filter(\.isOfSchool) + places.filter { !$0.isOfSchool }
    var erased: [StudentKey: StandingShard.Erasure] = [:]
    var (known, left): (Set<ShardKey>, Set<ShardKey>) = ([], [])
    var undone = await store.change(places, context: context) { (place, shard, beginsAnew) throws(SidecarFailure) in
      left.remove(place)
      if place.isOfSchool { known.insert(place) }
      let students = parts[place]?.map(\.student) ?? []
      let lives = beginsAnew ? await store.lives(of: Set(students).sorted(), school: place.group.school, context: context) : nil
      for (student, entry) in parts[place] ?? [] {
        if let lives, lives[student].map({ $0 > entry.version.epoch }) ?? true { continue }
        let key = StudentKey(school: place.group.school, student: student)
        guard place.isOfSchool || known.contains(place.inSchool(of: student)) else {
          left.insert(place)
          continue
        }
        if place.isOfSchool { erased[key] = shard.erasures.isEmpty ? nil : shard.erasures[StandingStore.hash(of: student)] }
        if let erasure = erased[key], erasure.covers(entry.version.epoch) {
          shard.erase(student, hash: StandingStore.hash(of: student), erasure)
        } else {
          shard.merge(entry, of: student, hash: StandingStore.hash)
        }
      }
    }
    undone.formUnion(left)
    let isOutage = undone.count == places.count && !places.isEmpty ? await !store.sidecar.storeWorks(context: context) : false
    for visit in visits {
      let failed = visit.updates.indices.filter { update in visit.updates[update].parts.contains { undone.contains($0.place) } }
      visit.result.withLock { $0 = Brought(undone: Set(failed), isOutage: isOutage) }
    }
  }
}
