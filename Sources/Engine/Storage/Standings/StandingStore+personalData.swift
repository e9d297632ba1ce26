internal import DaprClient
internal import JSON
internal import MasteryCore
internal import Schemas

extension StandingStore: PersonalDataStore {
  var name: String { "standings" }
  var meaning: String { "How this student stands in cohorts and in the school, for comparisons." }

  func export(
    _ student: StudentDocument, _ page: PersonalDataPage, now: Timestamp, context: CallContext
  ) async throws(SidecarFailure) -> PersonalDataContent {
    let shardKeys = Self.shardKeys(of: student.key, cohorts: student.ledger.cohorts)
    let loaded = try await sidecar.load(shardKeys.map(\.stateKey), context: context) { _, value in
      (try? StandingShard(value))?.entries[student.student]
    }
    var total = 0
    let json = try JSONWriter.array { (json) throws(SidecarFailure) in
      for (shardKey, shard) in zip(shardKeys, loaded) {
        guard let entry = try shard.found()?.value else { continue }
        total += 1
        json.object { json in
          json.member("cohort_id", shardKey.group.cohort?.text)
          json.member("life", entry.version.epoch)
          json.member("revision", entry.version.revision)
          json.member("timestamp", entry.at.iso8601)
          if case .member(let standing) = entry {
            json.member("left", false)
            ShownMastery.members.writeMembers(of: standing.mastery, to: &json)
          } else {
            json.member("left", true)
          }
        }
      }
    }
    return PersonalDataContent(json: json, total: total)
  }

  func clean(
    _ key: StudentKey, _ erasing: PendingErasure, now: Timestamp, context: CallContext,
    isDue: () async throws(SidecarFailure) -> Bool
  ) async throws(SidecarFailure) -> Int {
    var removed = 0
    for _ in 1...Runtime.tries where try await cleans(key, erasing, now: now, removed: &removed, context, isDue: isDue) {
      return removed
    }
    throw Self.again
  }

  /// Cleans the known shards; false if others were named in the meantime, so that it has to be repeated immediately.
  private func cleans(
    _ key: StudentKey, _ erasing: PendingErasure, now: Timestamp, removed: inout Int, _ context: CallContext,
    isDue: () async throws(SidecarFailure) -> Bool
  ) async throws(SidecarFailure) -> Bool {
    guard let document = try await documents.document(of: key, context: context) else { return true }
    // A clock far behind would let the erasure expire with the next write by a process with a correct clock.
    let erasure = StandingShard.Erasure(epoch: document.ledger.epoch, at: max(now, erasing.askedAt))
    let school = StandingGroup(school: key.school, cohort: nil).shardKey(of: key.student)
    // A damaged document does not list the cohorts, but the school's shard does, so that shard is cleaned last.
    let cohorts = try await cohorts(of: key.student, at: school, context)
    let others = Self.shardKeys(of: key, cohorts: erasing.cohorts + cohorts).filter { $0 != school }
    var isOutdated = false
    var failure: SidecarFailure?
    for (shardKeys, isLast) in [(others, false), ([school], true)] {
      let undone = await change(shardKeys, context: context) { (_, shard, _) throws(SidecarFailure) in
        do throws(SidecarFailure) {
          guard try await isDue() else { return }
        } catch {
          failure = error
          throw error
        }
        // An update in the meantime may name further cohorts.
        if isLast, !Set(shard.entries[key.student]?.cohorts ?? []).isSubset(of: erasing.cohorts + cohorts) {
          isOutdated = true
          throw Self.again
        }
        if shard.entries[key.student] != nil { removed += 1 }
        var own = erasure
        if let known = shard.entries[key.student]?.version.epoch, known > erasure.epoch {
          // While the tombstone exists, a life numbered beyond it came before it: a clock far ahead numbered it.
          guard try await documents.document(of: key, context: context)?.ledger.epoch == erasure.epoch else {
            isOutdated = true
            throw Self.again
          }
          own = StandingShard.Erasure(epoch: erasure.epoch, at: erasure.at, stray: known)
        }
        shard.erase(key.student, hash: Self.hash(of: key.student), own)
      }
      if isOutdated { return false }
      // A document that cannot be decoded will be the same at the next try.
      if let failure, case .unintelligible = failure { throw failure }
      guard undone.isEmpty else { throw Self.again }
    }
    return true
  }

  private static let again = SidecarFailure.failed(status: 500, code: "ERR_STATE_SAVE", message: "shards are to be cleaned again")

  /// The cohorts that a student is or was in, as far as the school knows.
  private func cohorts(
    of student: StudentID, at school: ShardKey, _ context: CallContext
  ) async throws(SidecarFailure) -> [CohortID] {
    let loaded = try await sidecar.load([school.stateKey], context: context) { _, value in
      (try? StandingShard(value))?.entries[student]?.cohorts ?? []
    }
    // An unreadable shard names no student, and starts over when it is written.
    if case .unreadable? = loaded.first?.state { return [] }
    return try loaded.first?.found()?.value ?? []
  }

  private static func shardKeys(of key: StudentKey, cohorts: [CohortID]) -> [ShardKey] {
    StandingGroup.groups(of: key.school, cohorts).map { $0.shardKey(of: key.student) }
  }
}
