internal import DaprClient
internal import JSON
internal import MasteryCore

extension AuditTrail: StudentPlace {
  var name: String { "audit" }
  var meaning: String { "Who read or changed this student's data, or tried to, in the last 90 days; newest first." }

  func export(_ student: StudentDocument, now: Timestamp, context: CallContext) async throws(SidecarFailure) -> [UInt8] {
    let page = try await logs.page(of: Self.stored(of: student.key), now: now, context: context)
    var json = JSONWriter(capacity: 1024)
    json.records(page.records)
    return json.bytes
  }

  func clean(
    _ key: StudentKey, _ erasing: PendingErasure, now: Timestamp, context: CallContext,
    isDue: () async throws(SidecarFailure) -> Bool
  ) async throws(SidecarFailure) -> Int {
    try await logs.clean(Self.stored(of: key), now: now, context: context, isDue: isDue) { _ in false }
  }
}
