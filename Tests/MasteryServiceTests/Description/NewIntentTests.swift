import HTTPServer
import JSON
import MasteryCore
import Schemas
import Testing

@testable import MasteryService

/// An intent that only a test's table has: how many cohorts a student was ever in.
private struct CohortCount: Intent {
  private static let student = Field.student("whose cohorts are counted")

  static let declaration = IntentDeclaration(
    name: "cohort_count", path: "/analytics/cohort-count", summary: "How many cohorts a student was ever in.", audience: .concerned,
    perMinute: 7, fields: [student.required], answers: [counted.declaration],
    example: #"""
      {"student_id":"anna"}
      """#)

  private struct Counted {
    let student: StudentID
    let number: Int
  }

  private static let counted = AnswerShape(
    "the number",
    ObjectShape<Counted>("CohortCount", "how many cohorts a student was ever in") {
      Member("student_id", .id, "the student") { $0.student }
      Member("cohorts", .count, "the number of cohorts") { $0.number }
    })

  private let student: StudentID

  init(_ fields: RequestFields) throws(JSONInvalid) { student = try fields.required(Self.student) }

  var subject: StudentID? { student }

  func answer(_ context: IntentContext) async throws(Problem) -> Answer {
    Answer(Self.counted, Counted(student: student, number: try await context.document(of: student).ledger.cohorts.count))
  }
}

@Suite("An intent that is new")
struct NewIntentTests {
  private static let table = IntentTable(IntentTable.standard.all + [CohortCount.self])

  @Test("A type and its row in the table are all it takes: path, /process, tool, limits, permissions, log, audit and metrics follow")
  func served() async throws {
    let stand = Stand(intents: Self.table) { configuration in
      configuration.environment = .production
      configuration.jwtSecret = Bearer.secret
    }
    let event =
      #"{"event_id":"e-1","event_type":"quiz","timestamp":"2026-03-14T10:00:00Z","student_id":"s-1","#
      + #""data":{"total_questions":2,"correct_answers":1},"metadata":{"cohort_id":"c-1"}}"#
    #expect(await stand.deliver([event]) == ["0": "SUCCESS"])
    let own = Bearer.header(try Bearer.token("s-1", "student"))
    let other = Bearer.header(try Bearer.token("s-2", "student"))
    let request = #"{"student_id":"s-1"}"#
    let answer = await stand.ask("POST", "/analytics/cohort-count", request, [own])
    #expect(answer.status == 200 && answer.text.contains(#""data":{"student_id":"s-1","cohorts":1}"#))
    #expect(answer.fields.contains { $0.name == "X-RateLimit-Limit" && $0.value == "7" })
    #expect(await stand.ask("POST", "/analytics/cohort-count", request, [other]).status == 403)
    #expect(await stand.ask("POST", "/analytics/cohort-count", #"{"student":"s-1"}"#, [own]).status == 400)
    let processed = await stand.ask("POST", "/process", #"{"intent":"cohort_count","payload":\#(request)}"#, [own])
    #expect(processed.status == 200 && processed.text.contains(#""cohorts":1"#))
    let client = MCPClient(stand: stand, token: try Bearer.token("s-1", "student"))
    let tools = try #require(try await client.ask("tools/list").result["tools"] as? [[String: Any]])
    #expect(tools.last?["name"] as? String == "cohort_count")
    #expect(try await client.call("cohort_count", request).structured["cohorts"] as? Int == 1)
    let records = stand.lines.all.filter { $0.contains("mastery.data.access") && $0.contains(#""action":"cohort_count""#) }
    #expect(records.count == 4 && records.count { $0.contains(#""outcome":"refused""#) } == 1)
    let metrics = await stand.ask("GET", "/metrics").text
    #expect(metrics.contains(#"intent="cohort_count""#))
  }

  @Test("The documents have it, with an example that the service itself answers")
  func described() async throws {
    let documents = ServiceDocuments(Configuration(), intents: Self.table)
    let openAPI = String(decoding: await documents.openAPI, as: UTF8.self)
    #expect(openAPI.contains(#""/analytics/cohort-count":{"post":{"operationId":"cohort_count""#))
    #expect(openAPI.contains(#""data":{"student_id":"anna","cohorts":1}"#))
    #expect(String(decoding: await documents.page, as: UTF8.self).contains(#"id="cohort_count""#))
    let usual = String(decoding: await ServiceDocuments(Configuration()).openAPI, as: UTF8.self)
    #expect(!usual.contains("cohort_count"))
  }

  @Test("It is a skill, with options, a description for agents, and answers out of given events")
  func skill() async throws {
    let skill = try #require(Skill.all(of: Self.table).first { $0.name == "cohort-count" })
    #expect(skill.options.map(\.name) == ["student-id"])
    let folder = try #require(await SkillFolders.all(of: Self.table).first { $0.name == "mastery-cohort-count" })
    #expect(folder.text.contains("mastery-engine skill cohort-count --student-id anna"))
    #expect(folder.text.contains(#"{"student_id":"anna","cohorts":1}"#))
    let school = GivenSchool(nil, now: Stand.noonTime, intents: Self.table)
    #expect(await school.take([Array(Wrapped.exercise("e-1", of: "ada", metadata: #"{"cohort_id":"c-1"}"#).utf8)]).isEmpty)
    let answer = await school.answer(try skill.request(["student-id": "ada"]))
    #expect(String(decoding: answer.body, as: UTF8.self).contains(#""cohorts":1"#))
  }
}
