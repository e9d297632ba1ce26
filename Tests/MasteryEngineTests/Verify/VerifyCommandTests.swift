import DaprClient
import HTTPClient
import HTTPServer
import MasteryCore
import MasteryService
import Testing
import WireTesting

@testable import Commands

@Suite("verify, which holds a service against the documents")
struct VerifyCommandTests {
  private static let secret = "a secret of the tests, long enough for HS256"

  /// A clock that stands still, or takes a step whenever it is asked.
  private static func runtime(_ pauses: Pauses = Pauses(), step: Int64 = 0) -> Runtime {
    let (words, steps) = (Requests(), Requests())
    return Runtime(
      now: { Timestamp(milliseconds: 1_773_576_000_000 + (step > 0 ? Int64(steps.number()) * step : 0)) }, sleep: { pauses.note($0) },
      random: { words.number() })
  }

  /// A service over a store and a broker in memory.
  private struct Whole: Sendable {
    let service: MasteryService
    let sidecar = MemorySidecar(keepsMessages: true)
    let seen = Requests()

    init(_ environment: Configuration.Environment) {
      var configuration = Configuration()
      configuration.environment = environment
      configuration.jwtSecret = VerifyCommandTests.secret
      service = MasteryService(configuration, sidecar: sidecar, runtime: runtime(), log: Log(level: .error, format: .json) { _ in })
    }

    /// Answers a request as over HTTP, and delivers what has been published by then.
    func answer(_ call: HTTPCall) async -> HTTPResponse {
      seen.note(call)
      let fields = call.headers.map { HTTPField($0.name, $0.value) }
      let answer = await ask(call.method, String(call.url.dropFirst("http://engine".count)), fields, call.body ?? [])
      for topic in ["learning.quiz", "mastery.erasures"] {
        for message in sidecar.take(from: topic) {
          _ = await ask("POST", "/events/\(topic)", [HTTPField("Content-Type", "application/json")], message.body)
        }
      }
      return answer
    }

    private func ask(_ method: String, _ target: String, _ fields: [HTTPField], _ body: [UInt8]) async -> HTTPResponse {
      await service.answer(HTTPRequest(head: HTTPRequestHead(method: method, target: target, fields: fields), body: body))
    }
  }

  /// What a verification finds where answers are changed.
  private static func report(
    _ whole: Whole, _ words: [String] = [], secret: String? = secret, step: Int64 = 0,
    _ change: @escaping @Sendable (HTTPResponse) -> HTTPResponse = { $0 }
  ) async throws -> ProbeReport {
    let settings = ["JWT_SECRET": secret, "ENVIRONMENT": "staging"]
    let tokens = try ProbeTokens({ settings[$0] ?? nil }, school: nil, now: runtime().now())
    let sender = ProbeSender("http://engine", school: nil, tokens: tokens, runtime: runtime(step: step)) { call in
      let answer = change(await whole.answer(call))
      return HTTPAnswer(status: answer.status, headers: answer.fields.map { ($0.name.lowercased(), $0.value) }, body: answer.body)
    }
    return try await VerifyCommand(CallArguments(words, VerifyCommand.usage)).report(sender)
  }

  @Test("A service as in production passes with tokens of all roles, and nothing is sent that changes data")
  func production() async throws {
    let whole = Whole(.production)
    let report = try await Self.report(whole)
    #expect(report.faults.isEmpty && report.shortcoming == nil && report.passed > 250)
    #expect(report.lines.contains { $0.hasPrefix("query ") } && report.lines.contains { $0.hasPrefix("not tried, 5") })
    let changing = whole.seen.all.filter { ["PUT", "DELETE"].contains($0.method) || $0.url.hasSuffix("/ingest") }
    #expect(changing.allSatisfy { $0.method == "PATCH" })
  }

  @Test("Without tokens only what needs none is tried, and what is missing is named")
  func tokenless() async throws {
    let report = try await Self.report(Whole(.production), secret: nil)
    #expect(report.faults.isEmpty && report.passed > 50)
    #expect(report.lines.contains { $0.hasSuffix("needs a token: MASTERY_SERVICE_TOKEN or MASTERY_ADMIN_TOKEN") })
  }

  @Test(
    "With --write a service passes too: a student comes, is asked about, and goes",
    arguments: [(Configuration.Environment.production, 300), (.development, 200)])
  func writes(environment: Configuration.Environment, least: Int) async throws {
    let whole = Whole(environment)
    let report = try await Self.report(whole, ["--write"], secret: environment == .production ? Self.secret : nil)
    #expect(report.faults.isEmpty && report.shortcoming == nil && report.passed > least)
    #expect(report.lines.contains { $0.hasPrefix("ingest ") })
    let skipped = report.lines.contains { $0.hasSuffix("asks without a token, and a service in development takes that") }
    #expect(skipped == (environment == .development))
    // All that was said is about that one student.
    let changing = whole.seen.all.filter { ["PUT", "DELETE"].contains($0.method) && !$0.url.contains("a%20b") }
    #expect(environment == .development || changing.count > 10)
    #expect(changing.allSatisfy { $0.url.contains("/student/verify-") })
    #expect(whole.sidecar.take(from: "mastery.erased").isEmpty == (environment == .development))
  }

  @Test("When the time is over the rest is not tried, but the student of the verification is erased")
  func time() async throws {
    let whole = Whole(.production)
    // Two seconds for each question, so some thirty of them.
    let report = try await Self.report(whole, ["--write", "--seconds", "60"], step: 2_000)
    #expect(report.faults.isEmpty && (20..<100).contains(report.passed))
    #expect(report.lines.contains { $0.hasPrefix("not tried, ") && $0.hasSuffix("the time was over: --seconds allows more") })
    #expect(whole.sidecar.take(from: "mastery.erased").count == 1)
  }

  @Test("A service that takes what it must refuse is found out: each fault is a line, and the call ends with status 1")
  func lenient() async throws {
    let report = try await Self.report(Whole(.production)) { answer in
      guard answer.status == 401 else { return answer }
      return HTTPResponse(status: 200, fields: answer.fields, body: Array(#"{"success":true,"data":{},"meta":{}}"#.utf8))
    }
    #expect(report.failed > 30 && report.faults.count >= report.failed)
    #expect(report.faults.contains("predict, the example without a token: the status must be 401, got 200"))
    let message = try #require(report.shortcoming)
    #expect(message == "\(report.failed) of \(report.passed + report.failed) answers are not as the documents say")
    #expect(CommandFailure.incomplete(message).status == 1)
  }

  @Test("A gateway that drops a header that belongs to a status is found out")
  func gateway() async throws {
    let report = try await Self.report(Whole(.production)) { answer in
      var answer = answer
      answer.fields.removeAll { $0.name == "Allow" }
      return answer
    }
    #expect(report.faults.allSatisfy { $0.hasSuffix("Allow must be given with status 405, got none") } && report.failed > 10)
  }

  @Test("A request that meets a rate limit, or a service that cannot work now, is sent again after the pause that it is told")
  func limited() async throws {
    for status in [429, 503] {
      let (pauses, requests) = (Pauses(), Requests())
      let sender = ProbeSender("http://engine", school: nil, tokens: ProbeTokens(), runtime: Self.runtime(pauses)) { call in
        requests.note(call)
        return HTTPAnswer(status: status, headers: [("retry-after", "7")])
      }
      let probe = try #require(ProbePlan().readers.first)
      #expect(await sender.outcome(of: probe) == .failed(["the status must be 200, got \(status)"]))
      #expect(pauses.all == [7_000, 7_000, 7_000] && requests.all.count == 4)
    }
  }

  @Test("Where nothing answers the call ends with status 69")
  func silence() async throws {
    let words = ["--url", "http://127.0.0.1:\(try reservedPort())"]
    let failure = await #expect(throws: CommandFailure.self) {
      try await VerifyCommand(CallArguments(words, VerifyCommand.usage)).run()
    }
    #expect(failure?.status == 69)
  }

  @Test("Tokens come from the environment, or are signed where it has the secret of a service that is not in production")
  func tokens() throws {
    func tokens(_ variables: [String: String]) throws -> [String: String] {
      try ProbeTokens({ variables[$0] }, school: SchoolID("north"), now: Timestamp(milliseconds: 0)).byRole
    }
    #expect(try tokens(["MASTERY_ADMIN_TOKEN": "a", "JWT_SECRET": Self.secret, "ENVIRONMENT": "staging"]) == ["admin": "a"])
    #expect(try Set(tokens(["JWT_SECRET": Self.secret, "ENVIRONMENT": "staging"]).keys) == ["student", "teacher", "admin", "service"])
    #expect(try tokens(["JWT_SECRET": Self.secret, "ENVIRONMENT": "production"]).isEmpty && tokens([:]).isEmpty)
    #expect(throws: CommandFailure.self) { try tokens(["JWT_SECRET": Self.secret, "ENVIRONMENT": "nowhere"]) }
  }

  @Test(
    "A wrong call ends with status 64",
    arguments: [["--url", "mastery"], ["--student", "a b"], ["--write", "--student", "ada"], ["--seconds", "0"], ["x"]])
  func wrong(words: [String]) {
    let failure = #expect(throws: CommandFailure.self) { try VerifyCommand(CallArguments(words, VerifyCommand.usage)) }
    #expect(failure?.status == 64)
  }
}
