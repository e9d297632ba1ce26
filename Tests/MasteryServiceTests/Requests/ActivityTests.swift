import HTTPServer
import Testing

@testable import MasteryService

@Suite("Activity of a student")
struct ActivityTests {
  @Test("The activity of a student counts the days, and lists them if the query says so", arguments: [nil, false, true])
  func days(_ isAsked: Bool?) async throws {
    let stand = Stand.production()
    _ = await stand.deliver([
      Wrapped.exercise("e-1", at: "2026-03-01T08:00:00Z"), Wrapped.exercise("e-2", at: "2026-03-01T09:00:00Z"),
      Wrapped.exercise("e-3", at: "2026-03-04T08:00:00Z"),
    ])
    let query = isAsked.map { "?include_days=\($0)" } ?? ""
    let answer = await stand.ask("GET", "/student/s-1/activity\(query)", "", [Bearer.header(try Bearer.token("s-1", "student"))])
    let data = try ReadJSON.data(answer.body)
    #expect(answer.status == 200 && data["active_days"] as? Int == 2 && data["last_active"] as? String == "2026-03-04")
    #expect(data["days"] as? [String] == (isAsked == true ? ["2026-03-01", "2026-03-04"] : nil))
  }
}
