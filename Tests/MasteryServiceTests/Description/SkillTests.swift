import HTTPServer
import JSON
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("Skills")
struct SkillTests {
  private static func skill(_ name: String) throws -> Skill { try #require(Skill.all.first { $0.name == name }, "\(name)") }

  private static func fields(_ name: String, _ texts: [String: String], json: String? = nil) throws -> String {
    String(decoding: try skill(name).request(texts, json: json).fields, as: UTF8.self)
  }

  @Test("Each intent is a skill; no two have the same name, and the names are those that folders of skills may have")
  func names() {
    #expect(Skill.all.map(\.declaration.name) == IntentTable.standard.names)
    #expect(Set(Skill.all.map(\.name)).count == Skill.all.count)
    for skill in Skill.all {
      #expect(skill.folder.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil && skill.folder.count <= 64, "\(skill.folder)")
    }
    #expect(["query", "calculate", "ingest", "recommend", "path", "predict", "history"].allSatisfy(Skill.all.map(\.name).contains))
  }

  @Test("No two options of a skill share a name, and none has that of an option of the command")
  func options() {
    for skill in Skill.all {
      let names = skill.options.flatMap { [$0.name] + $0.otherNames }
      #expect(Set(names).count == names.count, "\(skill.name)")
      #expect(Skill.commonOptions.isDisjoint(with: names), "\(skill.name)")
    }
  }

  @Test(
    "A field is called by its own name, by others that it has, and by the words at its ends unless another field has them",
    arguments: [
      ("ingest", "event-type", ["type", "event_type"]), ("ingest", "student-id", ["student", "student_id"]),
      ("predict", "timeframe-days", ["days", "timeframe", "timeframe_days"]), ("trajectory", "days", []),
      ("batch-process", "requests", ["student-ids", "student_ids"]), ("ingest", "total-questions", ["total_questions"]),
    ])
  func otherNames(skill: String, option: String, others: [String]) throws {
    let found = try #require(try Self.skill(skill).options.first { $0.name == option })
    #expect(Set(found.otherNames) == Set(others))
  }

  @Test("Two fields that begin alike are not called by what they have in common")
  func ambiguous() throws {
    let names = try Self.skill("ingest").options.flatMap { [$0.name] + $0.otherNames }
    #expect(!names.contains("event") && !names.contains("id"))
    #expect(try Self.skill("query").options.allSatisfy { !$0.otherNames.contains("include") })
  }

  @Test("Values become what the fields declare: ids of digits keep their zeros, lists are split at commas, members go into their object")
  func values() throws {
    #expect(try Self.fields("predict", ["student-id": "007", "timeframe-days": "3"]) == #"{"student_id":"007","timeframe_days":3}"#)
    #expect(try Self.fields("query", ["student-id": "true", "include-topics": "true"]) == #"{"student_id":"true","include_topics":true}"#)
    #expect(try Self.fields("batch-process", ["requests": "anna,007"]) == #"{"requests":["anna","007"]}"#)
    #expect(
      try Self.fields("batch-process", ["requests": #"["anna",{"student_id":"b"}]"#]) == #"{"requests":["anna",{"student_id":"b"}]}"#)
    #expect(try Self.fields("calculate", ["quiz": "0.5", "completion": "1"]) == #"{"components":{"completion":1,"quiz":0.5}}"#)
    #expect(try Self.fields("calculate", ["components": #"{"quiz":0.5}"#]) == #"{"components":{"quiz":0.5}}"#)
    let quiz = ["event-type": "quiz", "student-id": "a", "total-questions": "4", "correct-answers": "3", "cohort-id": "2026"]
    #expect(
      try Self.fields("ingest", quiz)
        == #"{"event_type":"quiz","student_id":"a","data":{"total_questions":4,"correct_answers":3},"metadata":{"cohort_id":"2026"}}"#)
    #expect(try Self.fields("predict", [:], json: #"{"student_id":"a","days":2}"#) == #"{"student_id":"a","days":2}"#)
    #expect(try Self.fields("predict", ["student-id": "a"], json: #"{"days":2}"#) == #"{"days":2,"student_id":"a"}"#)
  }

  @Test(
    "A wrong value is refused by its option's name, with what it must be and what it is",
    arguments: [
      ("predict", ["student-id": "a", "timeframe-days": "31"], nil, #"--timeframe-days must be a whole number from 1 to 30, got "31""#),
      ("predict", ["student-id": "a", "timeframe-days": "x"], nil, #"--timeframe-days must be a whole number from 1 to 30, got "x""#),
      ("query", ["student-id": "a", "include-topics": "yes"], nil, #"--include-topics must be true or false, got "yes""#),
      ("query", ["student-id": "a", "date": "2026-02-30"], nil, #"--date must be a date, YYYY-MM-DD, got "2026-02-30""#),
      (
        "path", ["student-id": "a", "goal": "fun"], nil,
        #"--goal must be one of improve_mastery, master_topic, prepare_assessment, got "fun""#
      ),
      ("calculate", ["quiz": "1.5"], nil, "--quiz must be a number from 0 to 1, got 1.5"),
      ("calculate", ["quiz": "good"], nil, #"--quiz must be a number from 0 to 1, got "good""#),
      ("calculate", ["quiz": "0.5", "components": "{}"], nil, "--quiz must be left out beside --components"),
      ("predict", ["student-id": "a"], #"{"student_id":"b"}"#, "--student-id must be left out where --json has student_id"),
      ("predict", ["timeframe-days": "3"], #"{"days":2}"#, "--timeframe-days must be left out where --json has timeframe_days"),
      ("predict", [:], "[1]", #"--json must be a JSON object, got "[1]""#),
      ("predict", [:], "{", #"--json must be a JSON object, got "{""#),
      (
        "calculate", [:], #"{"components":{"quiz":{"total_questions":0,"correct_answers":0}}}"#,
        "components.quiz.total_questions must be an integer of at least 1, got 0"
      ),
    ] as [(String, [String: String], String?, String)])
  func wrong(skill: String, texts: [String: String], json: String?, message: String) throws {
    let skill = try Self.skill(skill)
    #expect(throws: SkillFault(message: message)) { try skill.request(texts, json: json) }
  }

  @Test("What is required and missing is named by its option")
  func missing() throws {
    let fault = try #require(throws: SkillFault.self) { try Self.skill("predict").request([:]) }
    #expect(fault.message.hasPrefix("--student-id is required; it must be 1 to 128 letters"))
    let unknown = try #require(throws: SkillFault.self) { try Self.skill("predict").request([:], json: #"{"student":"a"}"#) }
    #expect(unknown.message.contains("student is unknown; known are student_id"))
  }

  @Test("A request has the target and body of its intent")
  func wire() throws {
    let audit = try Self.skill("student-audit").request(["student-id": "a@b", "limit": "2"])
    #expect(audit.method == "GET" && audit.target == "/student/a%40b/audit?limit=2" && audit.body.isEmpty)
    let predict = try Self.skill("predict").request(["student-id": "a"])
    #expect(predict.method == "POST" && predict.target == "/predictions/next-week")
    #expect(String(decoding: predict.body, as: UTF8.self) == #"{"student_id":"a"}"#)
  }

  @Test("A calculation needs no stored data unless it is to be kept, and then it changes what is stored")
  func storedData() throws {
    let calculation = try Self.skill("calculate").request(["quiz": "1"])
    #expect(!calculation.needsStoredData && !calculation.changesStoredData)
    let kept = try Self.skill("calculate").request(["quiz": "1", "student-id": "a", "persist": "true"])
    #expect(kept.needsStoredData && kept.changesStoredData)
    let prediction = try Self.skill("predict").request(["student-id": "a"])
    #expect(prediction.needsStoredData && !prediction.changesStoredData)
    let event = ["event-type": "quiz", "student-id": "a", "total-questions": "4", "correct-answers": "3"]
    #expect(try Self.skill("ingest").request(event).changesStoredData)
  }

  @Test("An intent changes documents or publishes exactly if it is declared to")
  func declaredUse() async throws {
    for intent in IntentTable.standard.all where intent.declaration.name != DeadLetterReplay.declaration.name {
      let declaration = intent.declaration
      let stand = Stand {
        $0.environment = .production
        $0.jwtSecret = Bearer.secret
      }
      #expect(await stand.deliver(["anna", "ben"].map { Wrapped.exercise("e-\($0)", of: $0) }) == ["0": "SUCCESS", "1": "SUCCESS"])
      let (published, documents) = (stand.sidecar.published.count, try ["anna", "ben"].map { try Self.stored($0, stand) })
      let role = try #require(Caller.Role.allCases.first { declaration.audience.reach(of: $0) == .everybody })
      let call = try #require(declaration.call(Array(declaration.example.description.utf8)))
      let token = Bearer.header(try Bearer.token("x", role.rawValue))
      let answer = await stand.ask(declaration.method, call.target, bytes: call.body, [token])
      #expect(answer.status < 300 || answer.status == 404, "\(declaration.name)")
      let after = try ["anna", "ben"].map { try Self.stored($0, stand) }
      let isSame = stand.sidecar.published.count == published && after == documents
      #expect(isSame == !declaration.storedData.changes, "\(declaration.name)")
    }
    #expect(DeadLetterReplay.declaration.storedData.changes)
  }

  private static func stored(_ student: String, _ stand: Stand) throws -> [UInt8]? {
    stand.sidecar.stored(try Stand.key(student).documentKey)?.value
  }

  @Test("A compact answer has no member that is null, at any depth, and keeps all else")
  func compact() throws {
    let text = #"{"a":null,"b":[{"c":null,"d":1.50},null],"e":{"f":null},"g":"\u00e9"}"#
    let compact = try JSONDocument.parse(Array(text.utf8)) { (root) throws(Never) in CompactAnswer.text(of: root) }
    #expect(compact == #"{"b":[{"d":1.5},null],"e":{},"g":"é"}"#)
  }
}
