import Foundation
import HTTPServer
import Schemas
import Simulation
import Testing

@testable import MasteryService

@Suite("Tools")
struct ToolTests {
  @Test("A tool's answer is that of the path, without nulls, as structure and as text")
  func sameAnswer() async throws {
    let client = try await Stand.withStudents().client("anybody", "admin")
    let own = Bearer.header(try #require(client.token))
    for (tool, path) in [
      ("mastery_query", "/mastery/query"), ("adaptive_recommendations", "/recommendations/adaptive"),
      ("generate_path", "/recommendations/learning-path"), ("cohort_compare", "/analytics/compare"),
    ] {
      let answer = await client.stand.ask("POST", path, #"{"student_id":"s-1"}"#, [own])
      let data = try #require(try ReadJSON.object(answer.body)["data"])
      let members = try #require(data as? [String: Any]).keys.map { "\"\($0)\"" }.joined(separator: ",")
      let reply = try await client.call(tool, #"{"student_id":"s-1","fields":[\#(members)]}"#)
      #expect(try ReadJSON.canonical(reply.structured) == ReadJSON.canonical(Self.withoutNulls(data)), "\(tool)")
      #expect(try ReadJSON.canonical(ReadJSON.object(reply.text)) == ReadJSON.canonical(reply.structured))
    }
  }

  private static func withoutNulls(_ value: Any) -> Any {
    if let object = value as? [String: Any] { return object.filter { !($0.value is NSNull) }.mapValues(withoutNulls) }
    return (value as? [Any])?.map(withoutNulls) ?? value
  }

  @Test("Each tool's schemas name what its intent declares: required fields, and members of the answers that the request does not name")
  func schemas() async throws {
    let client = try Stand.production().client("anybody", "admin")
    let tools = try #require(try await client.ask("tools/list").result["tools"] as? [[String: Any]])
    #expect(tools.count == IntentTable.standard.all.count)
    for (tool, declaration) in zip(tools, IntentTable.standard.declarations) {
      let input = try #require(tool["inputSchema"] as? [String: Any])
      let output = try #require(tool["outputSchema"] as? [String: Any])
      let fields = Set(declaration.fields.map(\.name))
      #expect(Set((input["properties"] as? [String: Any] ?? [:]).keys).subtracting(["fields"]) == fields)
      #expect(input["required"] as? [String] ?? [] == declaration.fields.filter(\.isRequired).map(\.name))
      let members = Set(declaration.answers.flatMap { $0.data.properties.map(\.name) })
      #expect(Set((output["properties"] as? [String: Any] ?? [:]).keys) == members.subtracting(fields))
      #expect(!fields.contains(MemberChoice.argument), "an intent's own field would be taken for the choice of members")
      let isRead = (tool["annotations"] as? [String: Bool])?["readOnlyHint"] == true
      #expect(isRead == (declaration.storedData == .reads))
      // As the Dapr sidecar has it: a tool with a dot in its name cannot be called.
      #expect(declaration.name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") } && declaration.name.count <= 64)
    }
    let changing = Set(IntentTable.standard.declarations.filter { $0.storedData != .reads }.map(\.name))
    #expect(
      changing == [
        "mastery_calculation", "ingest_event", "student_erasure", "student_consent_change", "dead_letter_replay",
      ])
  }

  @Test("Members of the answer can be chosen, those of members too; what is none is refused with the names that there are")
  func choice() async throws {
    let client = try await Stand.withStudents().client("anybody", "admin")
    let chosen = try await client.call(
      "mastery_query", #"{"student_id":"s-1","fields":["trend","current_mastery.level","current_mastery.components.quiz"]}"#)
    #expect(Set(chosen.structured.keys) == ["trend", "current_mastery"])
    let mastery = try #require(chosen.structured["current_mastery"] as? [String: Any])
    #expect(Set(mastery.keys) == ["level", "components"])
    #expect(Set(try #require(mastery["components"] as? [String: Any]).keys) == ["quiz"])
    let deep = "[\"student_id\(String(repeating: ".a", count: 20_000))\"]"
    let many = "[" + Array(repeating: "\"trend\"", count: 65).joined(separator: ",") + "]"
    for fields in [deep, many, #"["nothing"]"#, #"["trend.nothing"]"#, #"["current_mastery."]"#, #"[""]"#, "[7]", #""trend""#, "{}"] {
      let refused = try await client.call("mastery_query", #"{"student_id":"s-1","fields":\#(fields)}"#)
      #expect(
        refused.isError == true && refused.text.hasPrefix("VALIDATION_ERROR: fields must be a list of at most 64 names"),
        "\(fields.prefix(50))")
      #expect(refused.text.contains("current_mastery, historical_average"))
    }
    let twice = try await client.call("mastery_query", #"{"student_id":"s-1","fields":["trend"],"fields":["trend"]}"#)
    #expect(twice.isError == true && twice.text.contains("must be given once"))
    for all in ["null", "[]"] {
      #expect(try await client.call("mastery_query", #"{"student_id":"s-1","fields":\#(all)}"#).structured["trend"] != nil)
    }
  }

  @Test("A long answer is cut and says by how much; asked for by name, the list is whole")
  func cut() async throws {
    let client = try await Stand.withStudents().client("anybody", "admin")
    let arguments = #""student_id":"s-1","days":90"#
    let short = try await client.call("mastery_history", "{\(arguments)}")
    let shown = try #require(short.structured["history"] as? [Any]).count
    let left = try #require((short.structured["left_out"] as? [String: Int])?["history"])
    #expect(shown > 0 && left > 0 && short.text.utf8.count <= ToolAnswer.shortLength + 64)
    let whole = try await client.call("mastery_history", "{\(arguments),\"fields\":[\"history\"]}")
    #expect((whole.structured["history"] as? [Any])?.count == shown + left && whole.structured["left_out"] == nil)
  }

  @Test("Names may lead into what no schema describes, however deep, up to a limit")
  func deepChoice() async throws {
    let client = try await Stand.withStudents().client("anybody", "admin")
    func export(_ depth: Int) async throws -> MCPClient.Reply {
      try await client.call(
        "student_export", #"{"student_id":"s-1","fields":["parts.content\#(String(repeating: ".a", count: depth))"]}"#)
    }
    #expect(try await export(6).isError == false)
    for depth in [7, 30_000] { #expect(try await export(depth).text.hasPrefix("VALIDATION_ERROR: fields must be a list")) }
  }

  @Test("The event in a dead letter stays as it is: a model may be asked to mend it")
  func foreignEvents() async throws {
    let client = try await Stand.withStudents().client("anybody", "admin")
    let event =
      #"{"event_id":"bad","event_type":"quiz","timestamp":"2026-03-14T10:00:00Z","student_id":"s-1","data":{"small":0.00012345,"e":1e30,"#
      + #""huge":18446744073709551615,"note":null,"total_questions":1,"correct_answers":2}}"#
    _ = await client.stand.deliver([event])
    _ = await client.stand.redeliver("mastery.dlq")
    let own = Bearer.header(try #require(client.token))
    let plain = await client.stand.ask("GET", "/dead-letters/bad", "", [own])
    let letters = try #require((try ReadJSON.object(plain.body)["data"] as? [String: Any])?["letters"] as? [[String: Any]])
    let reply = try await client.call("dead_letter", #"{"event_id":"bad","fields":["letters.content"]}"#)
    let shown = try #require(reply.structured["letters"] as? [[String: Any]])
    #expect(
      try shown.map { try ReadJSON.canonical($0["content"] ?? "none") } == letters.map { try ReadJSON.canonical($0["content"] ?? "?") })
    #expect(reply.text.contains("0.00012345") && reply.text.contains(#""note":null"#))
  }

  @Test("An answer that is nested too deeply to be shortened is said to be so")
  func deepAnswer() {
    let deep = #"{"a":"# + String(repeating: "[", count: 1_030) + String(repeating: "]", count: 1_030) + "}"
    #expect(ToolAnswer(Array(deep.utf8), .all, of: [ObjectSchema([.init("a", .anything, "")])]) == nil)
  }

  @Test("What the model got wrong is told in the result, in the words of the path")
  func problems() async throws {
    let client = try await Stand.withStudents().client("t-1", "teacher", students: ["s-1"])
    for (tool, arguments, text) in [
      (
        "mastery_query", #"{"student_id":"s-1","days_history":91}"#,
        "VALIDATION_ERROR: days_history must be a whole number from 1 to 90, got 91"
      ),
      ("mastery_query", #"{"student":"s-1"}"#, "VALIDATION_ERROR: student is unknown; known are student_id"),
      ("mastery_query", #"{"student_id":"s-2"}"#, "FORBIDDEN: "), ("batch_status", #"{"batch_id":"b"}"#, "NOT_FOUND: "),
    ] {
      let reply = try await client.call(tool, arguments)
      #expect(reply.status == 200 && reply.isError == true && reply.text.hasPrefix(text), "\(reply.text)")
      #expect(reply.result["structuredContent"] == nil)
    }
  }

  @Test("A tool that changes something changes it: an event is taken in, a student is erased")
  func effects() async throws {
    let client = try await Stand.withStudents().client("anybody", "admin")
    let event = #"{"event_type":"quiz.completed","student_id":"s-3","data":{"total_questions":2,"correct_answers":1}}"#
    let taken = try await client.call("ingest_event", event)
    #expect(taken.structured["status"] as? String == "queued")
    #expect(client.stand.sidecar.published(to: "learning.quiz").count == 1)
    #expect(try await client.call("student_erasure", #"{"student_id":"s-1"}"#).isError == false)
    #expect(try await client.call("mastery_query", #"{"student_id":"s-1"}"#).text.hasPrefix("NOT_FOUND: "))
  }
}
