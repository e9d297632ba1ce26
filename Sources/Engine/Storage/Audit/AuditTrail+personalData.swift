internal import DaprClient
internal import JSON
internal import MasteryCore

extension AuditTrail: PersonalDataStore {
  var name: String { "audit" }
  var meaning: String { "Who read or changed this student's data, or tried to, in the last 90 days; newest first." }

  func export(
    _ student: StudentDocument, _ page: PersonalDataPage, now: Timestamp, context: CallContext
  ) async throws(SidecarFailure) -> PersonalDataContent {
    let log = Self.stored(of: student.key)
    let found = try await logs.page(of: log, offset: page.offset, limit: page.limit, now: now, context: context)
    var json = JSONWriter(capacity: 1024)
    json.records(found.records)
    let end = page.offset + page.limit
    return PersonalDataContent(json: json.bytes, total: found.total, nextOffset: end < found.total ? end : nil)
  }

  func clean(
    _ key: StudentKey, _ erasing: PendingErasure, now: Timestamp, context: CallContext,
    isDue: () async throws(SidecarFailure) -> Bool
  ) async throws(SidecarFailure) -> Int {
    try await logs.clean(Self.stored(of: key), now: now, context: context, isDue: isDue) { _ in false }
  }
}
