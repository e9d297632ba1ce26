import HTTPServer
import MasteryCore
import Testing

@testable import MasteryService

@Suite("Requests whose answers the documents determine")
struct ProbeTests {
  private typealias Answer = HTTPResponse

  /// A stand whose student is known, and the token of each role.
  private static func stand() async throws -> (stand: Stand, tokens: [String: String]) {
    let stand = Stand.production()
    #expect(await stand.deliver([Wrapped.exercise("e-1", of: "ada")]) == ["0": "SUCCESS"])
    var tokens: [String: String] = [:]
    for role in Caller.Role.allCases { tokens[role.rawValue] = try Bearer.token("verify-\(role.rawValue)", role.rawValue) }
    return (stand, tokens)
  }

  private static func ask(_ probe: Probe, _ stand: Stand, _ tokens: [String: String]) async -> HTTPResponse {
    var fields = [HTTPField("X-Correlation-ID", "probe-1"), HTTPField("Content-Type", probe.contentType)]
    switch probe.asker {
    case .anybody, .nobody: break
    case .stranger: fields.append(HTTPField("Authorization", "Bearer a.b.c"))
    case .role(let roles): fields.append(HTTPField("Authorization", "Bearer \(roles.compactMap { tokens[$0] }[0])"))
    }
    return await stand.ask(probe.method, probe.target, bytes: probe.body ?? [], fields)
  }

  private static func faults(_ probe: Probe, _ answer: HTTPResponse) -> [String] {
    probe.faults(status: answer.status, fields: answer.fields, body: answer.body, correlationID: "probe-1")
  }

  private static func plan(_ intents: IntentTable = .standard) -> ProbePlan {
    var plan = ProbePlan(intents)
    plan.student = "ada"
    return plan
  }

  @Test("The service answers each of them as its documents say, erasure last")
  func passed() async throws {
    let (stand, tokens) = try await Self.stand()
    let probes = Self.plan().readers + Self.plan().writers
    #expect(probes.count > 250)
    for probe in probes {
      let faults = Self.faults(probe, await Self.ask(probe, stand, tokens))
      #expect(faults.isEmpty, "\(probe.subject), \(probe.what)")
    }
  }

  @Test("Each field of each intent has bad examples that name it, and a required one an example without it")
  func fields() {
    let plan = Self.plan()
    let probes = plan.readers + plan.writers
    for declaration in IntentTable.standard.declarations where declaration.name != DeadLetterReplay.declaration.name {
      for field in declaration.fields {
        let bad = probes.filter {
          $0.subject == declaration.shortName && $0.expected.field == field.name && $0.expected.code == .validation
        }
        #expect(!bad.isEmpty, "\(declaration.name): \(field.name)")
        let isLeftOut = bad.contains { $0.what == "without \(field.name)" }
        #expect(isLeftOut == (field.isRequired && !declaration.isInPath(field)), "\(declaration.name): \(field.name)")
      }
    }
  }

  @Test("What changes data is among the writers alone, the erasure at their end, and nothing replays dead letters")
  func writers() throws {
    let plan = Self.plan()
    let changing = Set(IntentTable.standard.declarations.filter { $0.storedData.changes }.map(\.shortName))
    #expect(changing.isDisjoint(with: plan.readers.map(\.subject)))
    #expect(Set(plan.writers.map(\.subject)) == changing.subtracting(["dead-letter-replay"]))
    let erasure = try #require(plan.writers.firstIndex { $0.subject == "student-erasure" })
    #expect(plan.writers[erasure...].allSatisfy { $0.subject == "student-erasure" })
    #expect(plan.writers.allSatisfy { !($0.body ?? []).isEmpty || $0.target.contains("ada") || $0.what.contains("with") })
    #expect(plan.leftOut.count == 1 && plan.leftOut[0].hasPrefix("dead-letter-replay: "))
    // Nothing else about the student is touched by those who only read.
    #expect(plan.readers.allSatisfy { !String(decoding: $0.body ?? [], as: UTF8.self).contains(#""persist":true"#) })
  }

  /// An answer that is not as the documents say, made of a right one; nil where the lie does not apply.
  private struct Lie: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let expected: String
    let change: @Sendable (Answer) -> Answer?
    /// Whether it is about members that are not everywhere required.
    var isAboutData: Bool {
      ["a score out of range", "a missing member", "a day that no calendar has", "another student"].contains(testDescription)
    }

    init(_ name: String, _ expected: String, _ change: @escaping @Sendable (Answer) -> Answer?) {
      (testDescription, self.expected, self.change) = (name, expected, change)
    }

    static func body(_ name: String, _ expected: String, _ old: String, _ new: String, from status: Int = 200) -> Self {
      Self(name, expected) { answer in
        guard answer.status >= status, answer.text.contains(old) else { return nil }
        var answer = answer
        answer.body = Array(answer.text.replacing(old, with: new).utf8)
        return answer
      }
    }

    static func header(_ name: String, _ expected: String, _ header: String, _ value: String?, on statuses: Set<Int>) -> Self {
      Self(name, expected) { answer in
        guard statuses.contains(answer.status) else { return nil }
        guard !header.hasPrefix("X-RateLimit") || answer.header(header) != nil else { return nil }
        var answer = answer
        answer.fields.removeAll { $0.name.lowercased() == header.lowercased() }
        if let value { answer.fields.append(HTTPField(header, value)) }
        return answer
      }
    }

    static let all: [Lie] = [
      Lie("another status", "the status must be ") { answer in
        var answer = answer
        answer.status = answer.status == 299 ? 298 : 299
        return answer
      },
      Lie("a refusal that is none", "the status must be ") { answer in
        guard answer.status >= 400 else { return nil }
        return HTTPResponse(status: 200, fields: answer.fields, body: Array(#"{"success":true,"data":{},"meta":{}}"#.utf8))
      },
      Lie("no JSON", "the body must be JSON, got ok") { answer in
        guard answer.header("content-type")?.hasPrefix("application/json") == true else { return nil }
        var answer = answer
        answer.body = Array("ok".utf8)
        return answer
      },
      .body("no meta", "body must be an object with meta, got none", #""meta":"#, #""mata":"#),
      .body("a score out of range", "must be a number from 0 to 1, got 7", #""mastery_score":0"#, #""mastery_score":7"#),
      .body(
        "a day that no calendar has", "must be a time like 2026-03-15T12:00:00Z, got", #""timestamp":"2026-0"#, #""timestamp":"2026-1"#),
      .body("another student", "body.data.student_id must be the request's, ada, got", #""student_id":"ada""#, #""student_id":"bob""#),
      .body("a missing member", "must be an object with level, got none", #""level":"#, #""lvl":"#),
      .body("success of a refusal", "body.success must be false, got true", #"{"success":false"#, #"{"success":true"#),
      .body("failure of an answer", "body.success must be true, got false", #"{"success":true"#, #"{"success":false"#),
      .body("another code", "body.error.code must be VALIDATION_ERROR, got CONFLICT", "VALIDATION_ERROR", "CONFLICT"),
      .body("an unknown code", "body.error.code must be one of", "NOT_FOUND", "GONE", from: 400),
      .body("another field", "body.error.details.field must be ", #""field":""#, #""field":"x"#),
      .body("another request's id", "correlation_id must be the request's, probe-1, got probe-2", "probe-1", "probe-2"),
      .header("text", "Content-Type must be application/json, got text/plain", "Content-Type", "text/plain", on: [400, 401, 404]),
      .header(
        "a kind of text", "Content-Type must be application/json, got", "Content-Type", "application/jsonl; charset=utf-8", on: [400]),
      .header("no challenge", "WWW-Authenticate must be given with status 401, got none", "WWW-Authenticate", nil, on: [401]),
      .header("no methods", "Allow must be given with status 405, got none", "Allow", nil, on: [405]),
      .header("another header id", "X-Correlation-ID must be the request's", "X-Correlation-ID", "other", on: [400, 403]),
      .header("half a limit", "the headers of the rate limit must be given together", "X-RateLimit-Used", nil, on: [200]),
      .header(
        "a limit in words", "X-RateLimit-Reset must be a whole number of at least 0, got soon", "X-RateLimit-Reset", "soon", on: [200]),
    ]
  }

  @Test("An answer that is not as the documents say is found out, wherever it comes", arguments: Lie.all)
  private func lies(lie: Lie) async throws {
    let (stand, tokens) = try await Self.stand()
    var (count, found) = (0, 0)
    for probe in Self.plan().readers {
      let answer = await Self.ask(probe, stand, tokens)
      // Of the documents themselves, and of what has no limit, nothing is said that the lie would touch.
      guard probe.subject != "paths" || answer.status >= 400, let changed = lie.change(answer) else { continue }
      let faults = Self.faults(probe, changed)
      let isNamed = probe.expected.field != nil || !lie.expected.contains(".field must")
      let isRequired = !lie.isAboutData || !faults.isEmpty
      guard isNamed, isRequired, !lie.expected.contains("VALIDATION_ERROR") || probe.expected.code == .validation else { continue }
      count += 1
      #expect(!faults.isEmpty, "\(probe.subject), \(probe.what)")
      if faults.contains(where: { $0.contains(lie.expected) }) { found += 1 }
    }
    #expect(count > 0 && found > 0)
    // All but those that may have either of two statuses.
    #expect(lie.isAboutData || lie.testDescription == "a refusal that is none" || found == count)
  }
}
