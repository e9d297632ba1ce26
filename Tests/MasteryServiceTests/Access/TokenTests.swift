import Foundation
import HTTPServer
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("A token", .serialized)
struct TokenTests {
  private static let samples = TokenSamples.all
  private static let now = Timestamp(milliseconds: Stand.noon)

  private static func fault(of token: String, _ verifier: TokenVerifier = samples.verifier(), now: Timestamp = now) -> TokenFault? {
    do throws(TokenFault) {
      _ = try verifier.claims(of: token, now: now)
      return nil
    } catch {
      return error
    }
  }

  @Test("A token made by another implementation is accepted", arguments: samples.good.keys.sorted())
  func good(_ name: String) throws {
    let token = try #require(Self.samples.good[name])
    let claims = try Self.samples.verifier().claims(of: token, now: Self.now)
    #expect(claims.subject == "s-1" && claims.role == .student && claims.schools == .none && claims.students.isEmpty)
  }

  @Test("A hostile token is not accepted, at once or a second time, by header or in /process", arguments: samples.bad.keys.sorted())
  func bad(_ name: String) async throws {
    let token = try #require(Self.samples.bad[name])
    let verifier = Self.samples.verifier()
    #expect(Self.fault(of: token, verifier) != nil)
    #expect(Self.fault(of: token, verifier) != nil)
    #expect(verifier.remembered.size.count == 0)

    let stand = Stand { Self.samples.configure(&$0) }
    // A space before the token is part of the scheme in a header.
    let given = name == "a space before it" ? "x\(token)" : token
    let byHeader = await stand.ask("POST", "/mastery/query", #"{"student_id":"s-1"}"#, [Bearer.header(given)])
    let context = try ReadJSON.canonical(["token": token])
    let body = #"{"intent":"mastery_query","payload":{"student_id":"s-1"},"security_context":\#(context)}"#
    for response in [byHeader, await stand.ask("POST", "/process", body)] {
      #expect(response.status == 401 && response.text.contains(#""code":"AUTH_ERROR""#))
      #expect(response.header("WWW-Authenticate")?.hasPrefix("Bearer ") == true)
      #expect(token.count < 20 || !response.text.contains(token))
    }
    #expect(stand.sidecar.calls.isEmpty)
    #expect(!stand.lines.all.contains { token.count > 20 && $0.contains(token) })
  }

  @Test("A token that expires while its request's body arrives is not accepted", arguments: [(1_000, 200), (91_000, 401)])
  func trickling(milliseconds: Int64, status: Int) async throws {
    let stand = Stand.production()
    _ = await stand.deliver([Wrapped.exercise("e-1")])
    // It lasts an hour, and so for another minute, with 30 s of leeway.
    let token = try Bearer.token("s-1", "student", at: stand.clock.now.milliseconds - 3_540_000)
    let fields = [Bearer.header(token), HTTPField("Content-Type", "application/json")]
    let head = HTTPRequestHead(method: "POST", target: "/mastery/query", fields: fields)
    guard case .accept(let acceptance) = stand.service.admit(head) else {
      Issue.record("the request is not admitted")
      return
    }
    stand.clock.step(milliseconds)
    let request = HTTPRequest(head: head, body: Array(#"{"student_id":"s-1"}"#.utf8), context: acceptance.context)
    #expect(await stand.service.answer(request).status == status)
  }

  @Test("Two tokens in the body of /process are none, whichever of them is good")
  func twoTokens() async throws {
    let stand = Stand.production()
    let good = try Bearer.token("s-1", "student", at: stand.clock.now.milliseconds)
    for (first, second) in [(good, "x.y.z"), ("x.y.z", good), (good, good)] {
      let context = #"{"token":"\#(first)","token":"\#(second)"}"#
      let body = #"{"intent":"mastery_query","payload":{"student_id":"s-1"},"security_context":\#(context)}"#
      #expect(await stand.ask("POST", "/process", body).status == 401)
    }
    let ids = #"{"token":"\#(good)","correlation_id":"a","correlation_id":"b"}"#
    let body = #"{"intent":"mastery_query","payload":{"student_id":"s-1"},"security_context":\#(ids)}"#
    let refused = await stand.ask("POST", "/process", body)
    #expect(refused.status == 400 && refused.text.contains("security_context.correlation_id must be given once"))
  }

  @Test(
    "A token may name impossible students and null claims, and the rest of it counts",
    arguments: [
      ("a student that is no id", Caller.Role.teacher, ["s-1"]), ("a student that is a number", .teacher, ["1"]),
      ("a school that is null", .admin, []),
    ])
  func tolerated(_ name: String, _ role: Caller.Role, _ students: [String]) throws {
    let claims = try Self.samples.verifier().claims(of: try #require(Self.samples.tolerated[name]), now: Self.now)
    #expect(claims.role == role && claims.schools == .none && claims.students.map(\.text) == students)
  }

  @Test("A good token stays good and a changed one stays bad, whatever is cached")
  func remembered() throws {
    let verifier = Self.samples.verifier()
    let token = try #require(Self.samples.good["HS256 by PyJWT"])
    for _ in 0..<3 { #expect(Self.fault(of: token, verifier) == nil) }
    #expect(verifier.remembered.size.count == 1)
    for name in Self.samples.bad.keys.sorted() { #expect(Self.fault(of: Self.samples.bad[name] ?? "", verifier) != nil, "\(name)") }
    #expect(verifier.remembered.size.count == 1)
  }

  @Test("A cached token is refused outside its own period of validity")
  func remembersNoEnd() throws {
    let verifier = Self.samples.verifier()
    let token = try #require(Self.samples.good["ended 29 seconds ago"])
    #expect(Self.fault(of: token, verifier) == nil)
    #expect(Self.fault(of: token, verifier, now: Self.now.adding(milliseconds: 999)) == nil)
    #expect(Self.fault(of: token, verifier, now: Self.now.adding(milliseconds: 1_000)) == .expired)
    let early = try #require(Self.samples.good["good from 29 seconds ahead"])
    #expect(Self.fault(of: early, verifier) == nil)
    #expect(Self.fault(of: early, verifier, now: Self.now.adding(milliseconds: -1_001)) == .early)
  }

  @Test(
    "A refused token gets the reason",
    arguments: [
      ("ended 31 seconds ago", TokenFault.expired), ("good from 31 seconds ahead", .early), ("no exp", .missing("exp")),
      ("no role", .missing("role")), ("another audience", .wrong("aud")), ("another issuer", .wrong("iss")),
      ("alg none with a signature", .algorithm),
      ("a kid that is not in the set", .unknownKey), ("the wrong key of the set", .signature), ("another payload", .signature),
      ("two parts", .malformed), ("a teacher of every school", .wrong("school_id")), ("a key of 1024 bits", .unknownKey),
      ("HS256 with a public key as secret, PEM", .signature), ("the role twice", .malformed),
    ])
  func reasons(_ name: String, _ expected: TokenFault) throws {
    #expect(Self.fault(of: try #require(Self.samples.bad[name])) == expected)
  }

  @Test("A token of 128 KiB is read, and a longer one is not, whatever it says")
  func length() throws {
    var configuration = Configuration()
    configuration.environment = .development
    let mint = try #require(TokenMint(configuration))
    let verifier = TokenVerifier(
      keys: KeyRing(secret: configuration.tokenSecret, jwks: nil), issuer: nil, audience: nil, remembered: VerifiedTokens())
    var order = TokenMint.Order(subject: "t-1", role: "teacher")
    // An id of 50 letters takes 53 bytes of JSON, which are 70.7 characters of the token.
    func token(students: Int) throws -> String {
      order.students = try (0..<students).map { number in
        try #require(StudentID(String(repeating: "s", count: 50 - "\(number)".count) + "\(number)"))
      }
      return try #require(mint.token(order, now: Self.now))
    }
    let long = try token(students: 1_850)
    #expect((130_000...131_072).contains(long.utf8.count))
    #expect(try verifier.claims(of: long, now: Self.now).students.count == 1_850)
    let tooLong = try token(students: 1_860)
    #expect(tooLong.utf8.count > 131_072)
    #expect(Self.fault(of: tooLong, verifier) == .oversize)
    #expect(Self.fault(of: String(repeating: "a", count: 100_000), verifier) == .malformed)
    #expect(Self.fault(of: String(repeating: ".", count: 100_000), verifier) == .malformed)
    #expect(Self.fault(of: String(long.dropLast()) + (long.hasSuffix("A") ? "E" : "A"), verifier) != nil)
  }

  @Test("A token over HTTP is exactly one bearer token in one header", arguments: [true, false])
  func header(_ isDevelopment: Bool) async throws {
    let stand = Stand { configuration in
      Self.samples.configure(&configuration)
      if isDevelopment { configuration.environment = .development }
    }
    let token = try #require(Self.samples.good["HS256 by PyJWT"])
    func status(_ values: [String]) async -> Int {
      await stand.ask("POST", "/mastery/query", #"{"student_id":"s-1"}"#, values.map { HTTPField("Authorization", $0) }).status
    }
    for value in ["Bearer \(token)", "bearer \(token)", "BEARER   \(token)"] { #expect(await status([value]) == 404) }
    for values in [
      [""], ["Bearer"], ["Bearer "], [token], ["Basic czox"], ["Bearer\t\(token)"], ["Bearer, \(token)"], ["Bearer \(token) x"],
      ["Bearer \(token)", "Bearer \(token)"], ["Bearer \(token)", ""], ["Bear er \(token)"],
    ] {
      #expect(await status(values) == 401, "\(values)")
    }
    // In development a caller without a token is a service.
    #expect(await status([]) == (isDevelopment ? 404 : 401))
  }

  @Test("The token in the body takes precedence over the one in the header")
  func body() async throws {
    let stand = Stand { Self.samples.configure(&$0) }
    let good = try #require(Self.samples.good["HS256 by PyJWT"])
    func status(_ token: String?, _ header: String?) async -> Int {
      let context = token.map { #","security_context":{"token":"\#($0)"}"# } ?? ""
      let body = #"{"intent":"mastery_query","payload":{"student_id":"s-1"}\#(context)}"#
      return await stand.ask("POST", "/process", body, header.map { [HTTPField("Authorization", "Bearer \($0)")] } ?? []).status
    }
    #expect(await status(good, nil) == 404)
    #expect(await status(nil, good) == 404)
    #expect(await status(good, "bad") == 404)
    #expect(await status("bad", good) == 401)
    #expect(await status("", good) == 401)
    #expect(await status(nil, nil) == 401)
  }

  @Test("The token is checked before anything else in a request")
  func first() async throws {
    let stand = Stand { Self.samples.configure(&$0) }
    for (path, body) in [
      ("/process", "{"), ("/process", "{}"), ("/process", #"{"intent":"guess","payload":{}}"#),
      ("/process", #"{"intent":"mastery_query","payload":{}}"#), ("/mastery/query", "{"), ("/mastery/query", "{}"),
      ("/mastery/ingest", #"{"event_type":"exam"}"#),
    ] {
      let response = await stand.ask("POST", path, body)
      #expect(response.status == 401 && response.text.contains("AUTH_ERROR"), "\(path) \(body)")
    }
  }

  @Test("A bad token in the header is refused before the body is read")
  func early() {
    let stand = Stand { Self.samples.configure(&$0) }
    let head = HTTPRequestHead(method: "POST", target: "/mastery/query")
    guard case .refuse(let response) = stand.service.admit(head) else {
      Issue.record("the body is taken")
      return
    }
    #expect(response.status == 401 && response.header("WWW-Authenticate") == #"Bearer realm="mastery-engine""#)
    guard case .accept = stand.service.admit(HTTPRequestHead(method: "POST", target: "/process")) else {
      Issue.record("the token of /process may stand in its body")
      return
    }
  }
}
