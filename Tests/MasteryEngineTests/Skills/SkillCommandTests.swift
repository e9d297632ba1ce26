import Foundation
import HTTPServer
import MasteryService
import Testing
import WireTesting

@testable import Commands

@Suite("skill, by which people and agents ask one thing")
struct SkillCommandTests {
  private static func arguments(_ words: [String]) throws -> CallArguments {
    try CallArguments(words, SkillCommand.usage(for: words))
  }

  private static func call(_ words: [String]) throws -> SkillCall {
    let skill = try #require(Skill.all.first { $0.name == words[0] })
    return try SkillCall(skill, arguments(words))
  }

  private static func answer(_ words: [String], _ format: SkillFormat = .compact) async throws -> String {
    // The machine may be busy.
    try await call(words).answer(as: format, within: 120_000)
  }

  /// A file of that name with lines, in a folder of its own.
  private static func file(_ lines: [String]) throws -> String {
    let file = URL(filePath: NSTemporaryDirectory()).appending(path: "events-\(UUID().uuidString).jsonl")
    try Data(lines.joined(separator: "\n").utf8).write(to: file)
    return file.path
  }

  /// A quiz of 10 questions.
  private static func quiz(_ student: String, _ day: Int, right: Int, school: String? = nil) -> String {
    let metadata = school.map { #","metadata":{"school_id":"\#($0)"}"# } ?? ""
    return #"{"event_id":"\#(student)-\#(day)","event_type":"quiz","timestamp":"2026-03-\#(day)T10:00:00Z","student_id":"\#(student)","#
      + #""data":{"total_questions":10,"correct_answers":\#(right)}\#(metadata)}"#
  }

  @Test("Short names of fields, and beginnings of names that are those of one option alone, are options too")
  func shortNames() throws {
    let words = ["ingest", "--type", "quiz", "--student", "ada", "--total-q", "4", "--correct-answers=3"]
    let call = try Self.call(words)
    #expect(
      String(decoding: call.request.fields, as: UTF8.self)
        == #"{"event_type":"quiz","student_id":"ada","data":{"total_questions":4,"correct_answers":3}}"#)
    #expect(call.source == .engine("http://127.0.0.1:8005"))
    #expect(try Self.call(["predict", "--student_id", "ada", "--engine", "http://engine:80/"]).source == .engine("http://engine:80"))
    for words in [["mastery-predict", "--student", "ada"], ["--student", "ada", "predict"], ["--student=ada", "predict", "--days", "3"]] {
      #expect(throws: Never.self) { try SkillCommand(Self.arguments(words)) }
    }
  }

  @Test(
    "A wrong call ends with status 64 and names what is wrong, before anything is asked",
    arguments: [
      (["nothing"], #"there is no skill "nothing""#),
      (["predict", "--student", "a", "--format", "xml"], "--format must be one of compact, json, table, csv, got \"xml\""),
      (["predict", "--student", "a", "--days", "0"], "skill predict: --timeframe-days must be a whole number from 1 to 30, got \"0\""),
      (["predict"], "skill predict: --student-id is required; it must be"),
      (["predict", "--nothing", "1"], "there is no option --nothing"),
      (["predict", "--student", "a", "b"], "there is one argument too many"),
      (["predict", "--student", "a", "--school", "a b"], "--school must be a school's id, got \"a b\""),
      (["predict", "--student", "a", "--engine", "engine"], "--engine must be an address"),
      (["predict", "--student", "a", "--engine", "http://ada:secret@engine"], "--engine must be an address"),
      (["predict", "--student", "a", "--engine", "http://engine#x"], "--engine must be an address"),
      (["predict", "--student", "a", "--events", "f", "--engine", "http://e"], "--engine and --events exclude each other"),
      (["predict", "--student", "a", "--now", "2026-03-01"], "--now is for --events"),
      (["calculate", "--quiz", "1", "--now", "soon"], "--now must be a day"),
      (["calculate", "--quiz", "1", "--student", "a", "--persist", "true", "--now", "2026-03-01"], "this changes what is stored"),
      (["ingest", "--type", "quiz", "--student", "a", "--events", "f"], "there is no option --events"),
    ])
  func wrong(words: [String], message: String) throws {
    let failure = try #require(throws: CommandFailure.self) { try SkillCommand(Self.arguments(words)) }
    #expect(failure.status == 64 && failure.message.contains(message), "\(failure.message)")
  }

  @Test("A request goes to the engine with its school, and the answer's data comes back")
  func asks() async throws {
    let application = ScriptedApplication { request in
      HTTPResponse(
        status: request.head.method == "POST" ? 202 : 200, body: Array(#"{"success":true,"data":{"a":1.5,"b":null},"meta":{}}"#.utf8))
    }
    let server = try application.serve()
    let engine = ["--engine", "http://127.0.0.1:\(server.port)", "--school", "north"]
    #expect(try await Self.answer(["path", "--student", "ada", "--goal", "master_topic"] + engine) == #"{"a":1.5}"#)
    #expect(try await Self.answer(["student-audit", "--student", "a+b", "--limit", "3"] + engine, .json) == #"{"a":1.5,"b":null}"#)
    #expect(try await Self.answer(["calculate", "--quiz", "1"] + engine) == #"{"a":1.5}"#)
    await server.stop(within: .seconds(1))
    let seen = application.requests
    #expect(seen.map(\.head.method) == ["POST", "GET", "POST"])
    #expect(
      seen.map { String($0.head.target) } == ["/recommendations/learning-path", "/student/a%2Bb/audit?limit=3", "/mastery/calculate"])
    #expect(String(decoding: seen[0].body, as: UTF8.self) == #"{"student_id":"ada","goal":"master_topic"}"#)
    #expect(seen.allSatisfy { $0.head.values(of: "x-school-id") == ["north"] })
  }

  @Test(
    "An engine's error ends the call with its code and message: with 69 where it cannot work now, otherwise with 1",
    arguments: [
      (
        404, #"{"success":false,"error":{"code":"NOT_FOUND","message":"there is no student ada"}}"#, 1, "NOT_FOUND: there is no student ada"
      ),
      (503, #"{"error":{"code":"SERVICE_UNAVAILABLE","message":"the store does not answer"}}"#, 69, "SERVICE_UNAVAILABLE: the store"),
      (502, "<html>", 69, "says 502, and nothing that can be read"), (200, "{}", 1, "says 200, and nothing that can be read"),
      (500, #"{"data":{"a":1}}"#, 1, "says 500, and nothing that can be read"),
    ] as [(Int, String, Int32, String)])
  func refused(status: Int, body: String, exit: Int32, message: String) async throws {
    let server = try ScriptedApplication { _ in HTTPResponse(status: status, body: Array(body.utf8)) }.serve()
    let failure = await #expect(throws: CommandFailure.self) {
      try await Self.answer(["predict", "--student", "ada", "--engine", "http://127.0.0.1:\(server.port)"])
    }
    #expect(failure?.status == exit && failure?.message.contains(message) == true, "\(failure?.message ?? "")")
    await server.stop(within: .seconds(1))
  }

  @Test("Where no engine listens the call ends with status 69")
  func silence() async throws {
    let port = try reservedPort()
    let failure = await #expect(throws: CommandFailure.self) {
      try await Self.answer(["predict", "--student", "ada", "--engine", "http://127.0.0.1:\(port)"])
    }
    #expect(failure?.status == 69)
  }

  @Test("A calculation is made without an engine: 0.4 of 0.8 and 0.3 of 0.7 are 0.53")
  func calculation() async throws {
    let answer = try await Self.answer(["calculate", "--completion", "0.8", "--quiz", "0.7", "--now", "2026-03-01"])
    #expect(answer.hasPrefix(#"{"mastery_score":0.53,"level":"developing","#))
    #expect(answer.contains(#""timestamp":"2026-03-01T00:00:00Z""#) && !answer.contains("null"))
  }

  @Test("Given events are answered out of the file, as of a time, and in the school that they name")
  func events() async throws {
    let file = try Self.file([Self.quiz("ada", 10, right: 4, school: "north"), "", Self.quiz("ada", 12, right: 9, school: "north")])
    defer { try? FileManager.default.removeItem(atPath: file) }
    func quiz(_ now: String) async throws -> String {
      try await Self.answer(["query", "--student", "ada", "--events", file, "--now", now])
    }
    #expect(try await quiz("2026-03-13").contains(#""quiz":0.9,"#))
    #expect(try await quiz("2026-03-11").contains(#""quiz":0.4,"#))
    let failure = await #expect(throws: CommandFailure.self) {
      try await Self.answer(["query", "--student", "ada", "--events", file, "--now", "2026-03-13", "--school", "south"])
    }
    #expect(failure == .incomplete("NOT_FOUND: there is no student ada"))
  }

  @Test("A file that is missing, empty, or has a line that the service would refuse ends the call with status 66 and its line")
  func badEvents() async throws {
    let bad = #"{"event_id":"e","event_type":"quiz","timestamp":"2026-03-10T10:00:00Z","student_id":"ada","data":{}}"#
    for (lines, message) in [
      ([Self.quiz("ada", 10, right: 1), bad], "line 2: data.total_questions is required"), ([""], "has no event"),
      ([Self.quiz("ada", 20, right: 1)], "has no event up to the time of --now"), (["", "{"], "line 2: the event must be JSON"),
    ] {
      let file = try Self.file(lines)
      defer { try? FileManager.default.removeItem(atPath: file) }
      let failure = await #expect(throws: CommandFailure.self) {
        try await Self.answer(["query", "--student", "ada", "--events", file, "--now", "2026-03-13"])
      }
      #expect(failure?.status == 66 && failure?.message.contains(message) == true, "\(failure?.message ?? "")")
    }
    let missing = await #expect(throws: CommandFailure.self) { try await Self.answer(["query", "--student", "a", "--events", "/nowhere"]) }
    #expect(missing?.status == 66)
  }

  @Test("Events of several schools need one to be named")
  func schools() async throws {
    let file = try Self.file([Self.quiz("ada", 10, right: 4, school: "north"), Self.quiz("ada", 10, right: 6)])
    defer { try? FileManager.default.removeItem(atPath: file) }
    let words = ["query", "--student", "ada", "--events", file, "--now", "2026-03-13"]
    let failure = await #expect(throws: CommandFailure.self) { try await Self.answer(words) }
    #expect(
      failure?.status == 64 && failure?.message.contains("must name one of the schools of \(file): (those without a school), north") == true
    )
    #expect(try await Self.answer(words + ["--school", "north"]).contains(#""quiz":0.4,"#))
  }

  @Test("The descriptions of all skills are written, each in a folder of its name; a folder that cannot be made ends with status 1")
  func written() async throws {
    let folder = URL(filePath: NSTemporaryDirectory()).appending(path: "skills-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    for _ in 0..<2 { try await SkillCommand(Self.arguments(["--write", folder.path])).run() }
    #expect(try Set(FileManager.default.contentsOfDirectory(atPath: folder.path)) == Set(Skill.all.map(\.folder)))
    let text = try String(contentsOf: folder.appending(path: "mastery-predict/SKILL.md"), encoding: .utf8)
    #expect(text.hasPrefix("---\nname: mastery-predict\n"))
    let failure = await #expect(throws: CommandFailure.self) { try await SkillCommand(Self.arguments(["--write=/proc/nothing"])).run() }
    #expect(failure?.status == 1 && failure?.message.hasPrefix("/proc/nothing: ") == true)
  }

  @Test("Help lists the skills, and after a skill its options")
  func help() throws {
    let all = SkillCommand.usage(for: []).help
    for skill in Skill.all { #expect(all.contains("\n  \(skill.name) ")) }
    let one = SkillCommand.usage(for: ["history", "--help"]).help
    #expect(one.hasPrefix("usage: mastery-engine skill history [options]\n") && one.contains("--student-id ID"))
    #expect(one.contains("--events FILE") && !SkillCommand.usage(for: ["ingest"]).help.contains("--events"))
  }
}
