import DaprClient
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("A list of records whose head cannot be read")
struct DamagedLogTests {
  @Test("A list whose head cannot be read is cleaned of all its pieces, even if the first ones have expired", arguments: ["[]", "no JSON"])
  func cleaned(_ head: String) async throws {
    let sidecar = SimulatedSidecar()
    let log = AuditTrail.stored(of: try Stand.key("s-1"))
    let record = StoredRecord(id: "r-1", at: Stand.noonTime, json: Array(#"{"user_id":"u-1"}"#.utf8))
    for number in [33, 700, 4_095] {
      sidecar.put(RecordLogPiece(number: number, records: [record]).bytes, at: log.key(ofPiece: number))
    }
    sidecar.put(Array(head.utf8), at: log.key)
    _ = try await SegmentedLogStore(sidecar: sidecar).clean(
      log, now: Stand.noonTime, context: CallContext(), isDue: { true }, stays: { _ in false })
    let traces = sidecar.keys.filter { String(decoding: sidecar.stored($0)?.value ?? [], as: UTF8.self).contains("u-1") }
    #expect(traces.isEmpty)
    // The head, the first 32 pieces, and the 32 around each piece that was there.
    #expect(sidecar.keys.count == 1 + 4 * 32)
  }
}
