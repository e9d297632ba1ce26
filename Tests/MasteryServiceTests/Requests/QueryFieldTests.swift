import HTTPServer
import JSON
import Testing

@testable import MasteryService

@Suite("Fields in the path and the query")
struct QueryFieldTests {
  private static let declaration = IntentDeclaration(
    name: "sample", method: "GET", path: "/student/{student_id}/audit", summary: "A sample.", audience: .personal, perMinute: 1,
    fields: [
      Field.student("whose it is").declaration, Field.integer("limit", 1...9, "how many", also: ["most"]).declaration,
      Field.boolean("all", "whether to show all").declaration, Field.date("day", "the day").declaration,
    ],
    answers: [], example: "{}")

  @Test(
    "A parameter of a GET request becomes what its field is declared as, and stays text if it cannot",
    arguments: [
      ("", #""student_id":"s-1""#), ("?limit=5", #""student_id":"s-1","limit":5"#), ("?most=5", #""student_id":"s-1","most":5"#),
      ("?limit=five", #""student_id":"s-1","limit":"five""#), ("?all=true&limit=1", #""student_id":"s-1","all":true,"limit":1"#),
      ("?all=false", #""student_id":"s-1","all":false"#), ("?all=yes", #""student_id":"s-1","all":"yes""#),
      ("?all", #""student_id":"s-1","all":"""#), ("?day=2026%2D03-01", #""student_id":"s-1","day":"2026-03-01""#),
      ("?li%6Dit=%35", #""student_id":"s-1","limit":5"#), ("?other=1", #""student_id":"s-1","other":"1""#),
      ("?day=%22%0A", #""student_id":"s-1","day":"\"\n""#), ("?limit=1&limit=2", #""student_id":"s-1","limit":1,"limit":2"#),
      ("?limit=+5", #""student_id":"s-1","limit":" 5""#), ("?limit=%2B5", #""student_id":"s-1","limit":"+5""#),
      ("?limit=05", #""student_id":"s-1","limit":"05""#), ("?day=%FF", #""student_id":"s-1","day":"%FF""#),
      ("?day=%2541", #""student_id":"s-1","day":"%41""#), ("?&", #""student_id":"s-1""#), ("?=", #""student_id":"s-1","":"""#),
    ])
  func parameters(_ query: String, _ members: String) throws {
    let target = "/student/s-1/audit\(query)"
    let path = try #require(IntentTable.standard.path("/student/s-1/audit"))
    let request = HTTPRequest(head: HTTPRequestHead(method: "GET", target: target, fields: []), body: [])
    #expect(String(decoding: path.fields(of: request, for: Self.declaration), as: UTF8.self) == "{\(members)}")
  }

  @Test(
    "An escaped id in a path is the same student, and an escaped slash or a second escape is refused",
    arguments: [
      ("s-1", 200), ("%73-1", 200), ("s%2D1", 200), ("s%2f1", 400), ("s%7C1", 404), ("s%257C1", 400), ("s-1%00", 400), ("s-1%", 400),
      ("%73-2", 404),
      ("%2573-1", 400), ("%FF", 400), ("%C3", 400), ("s+1", 404), ("s%2B1", 404), ("%2E", 400), ("..", 400), ("%2E%2E", 400),
    ])
  func path(_ written: String, _ status: Int) async throws {
    let stand = Stand.production()
    _ = await stand.deliver([Wrapped.exercise("e-1", of: "s-1")])
    let token = Bearer.header(try Bearer.token("a-1", "admin"))
    let answer = await stand.ask("GET", "/student/\(written)/export", "", [token])
    #expect(answer.status == status, "\(answer.text)")
  }

  @Test("The permission, the log and the record of an access go by the student, however the path writes the id")
  func owner() async throws {
    let stand = Stand.production()
    _ = await stand.deliver([Wrapped.exercise("e-1", of: "s-1")])
    let token = Bearer.header(try Bearer.token("s-1", "student"))
    #expect(await stand.ask("GET", "/student/%73-1/export", "", [token]).status == 200)
    #expect(await stand.ask("GET", "/student/%73-2/export", "", [token]).status == 403)
    let records = stand.lines.all.filter { $0.contains("mastery.data.access") }
    #expect(records.count == 2 && records[0].contains(#""student_id":"s-1""#) && records[1].contains(#""student_id":"s-2""#))
  }

  @Test(
    "A field that is given twice is refused, in the query or beside the path",
    arguments: ["?limit=5&li%6Dit=5", "?student_id=s-2", "?student_id=s-1"])
  func twice(_ query: String) async throws {
    let stand = Stand.production()
    let answer = await stand.ask("GET", "/student/s-1/audit\(query)", "", [Bearer.header(try Bearer.token("a-1", "admin"))])
    #expect(answer.status == 400 && answer.text.contains("must be given once"), "\(answer.text)")
  }
}
