internal import DaprClient
internal import JSON
internal import MasteryCore

extension StandingStore: StudentPlace {
  var name: String { "standings" }
  var meaning: String { "How this student stands in cohorts and in the school, for comparisons." }

  func export(_ student: StudentDocument, now: Timestamp, context: CallContext) async throws(SidecarFailure) -> [UInt8] {
    let places = Self.places(of: student.key, cohorts: student.ledger.cohorts)
    let loaded = try await sidecar.load(places.map(\.stateKey), context: context) { _, value in
      (try? StandingShard(value))?.entries[student.student]
    }
    var json = JSONWriter()
    json.beginArray()
    for (place, shard) in zip(places, loaded) {
      if case .failed(let why) = shard.state { throw .failed(status: 500, code: "ERR_STATE_GET", message: why) }
      guard case .value(let entry?, _) = shard.state else { continue }
      json.beginObject()
      json.key("cohort_id")
      if let cohort = place.group.cohort { json.string(cohort.text) } else { json.null() }
      json.key("life")
      json.integer(entry.version.epoch)
      json.key("revision")
      json.integer(entry.version.revision)
      json.key("timestamp")
      json.string(entry.at.iso8601)
      json.key("left")
      if case .member(let standing) = entry {
        json.boolean(false)
        json.members(of: standing.mastery)
      } else {
        json.boolean(true)
      }
      json.endObject()
    }
    json.endArray()
    return json.bytes
  }

  func clean(
    _ key: StudentKey, _ erasing: PendingErasure, now: Timestamp, context: CallContext,
    isDue: () async throws(SidecarFailure) -> Bool
  ) async throws(SidecarFailure) -> Int {
    var removed = 0
    let hash = Self.hash(of: key.student)
    let documents = StudentStore(sidecar: sidecar, retentionDays: retentionDays)
    guard case .document(let document) = try await documents.load([key], context: context).first?.stored else { return 0 }
    let erasure = StandingShard.Erasure(epoch: document.ledger.epoch, at: now)
    let undone = await change(Self.places(of: key, cohorts: erasing.cohorts), context: context) { (_, shard) throws(SidecarFailure) in
      guard try await isDue() else { return }
      if shard.entries[key.student] != nil { removed += 1 }
      shard.erase(key.student, hash: hash, erasure)
    }
    guard undone.isEmpty else { throw .failed(status: 500, code: "ERR_STATE_SAVE", message: "shards are to be cleaned again") }
    return removed
  }

  private static func places(of key: StudentKey, cohorts: [CohortID]) -> [StandingPlace] {
    StandingGroup.groups(of: key.school, cohorts).map { $0.place(of: key.student) }
  }
}
