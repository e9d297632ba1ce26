import HTTPServer
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("Two subjects whose names look the same")
struct SubjectTests {
  /// é as one scalar, and as an e with an accent.
  private static let names = ("t-\u{E9}", "t-e\u{301}")

  @Test("A batch is hidden from a caller whose name looks like its owner's but has other bytes")
  func batch() async throws {
    #expect(Self.names.0 == Self.names.1)
    let stand = Stand.production()
    let body = #"{"requests":[{"student_id":"s-1"}],"async":true}"#
    let headers = try [Self.names.0, Self.names.1].map { Bearer.header(try Bearer.token($0, "service")) }
    let begun = await stand.ask("POST", "/batch/mastery", body, [headers[0]])
    let id = try #require(try ReadJSON.data(begun.body)["batch_id"] as? String)
    #expect(await stand.ask("GET", "/batch/mastery/\(id)", "", [headers[0]]).status == 200)
    #expect(await stand.ask("GET", "/batch/mastery/\(id)", "", [headers[1]]).status == 403)
  }

  @Test("Access records of callers whose names look the same count against the share of each by itself")
  func shares() {
    let sources = [Self.names.0, Self.names.1].map { AuditSource(Caller(role: .service, subject: $0, school: nil)) }
    var queue = AuditQueue()
    let granted = [(AuditQueue.limit / 2, 0), (1, 0), (1, 1)].map { number, source in queue.reserve(number, for: sources[source]) }
    #expect(granted == [true, false, true])
  }
}
