import DaprClient
import HTTPServer
import MasteryCore
import Simulation
import Synchronization
import Testing

@testable import MasteryService

@Suite("Keys that are fetched from an identity provider")
struct KeyFetchTests {
  /// A provider behind an endpoint, and a service that asks it.
  private final class Provider: Sendable {
    private struct State {
      var answer = InvocationAnswer(status: 200)
      var calls: [(call: Invocation, at: Int64)] = []
    }

    let stand: Stand
    private let state = Mutex(State())

    init(_ names: String...) throws {
      let samples = TokenSamples.all
      stand = Stand { configuration in
        samples.configure(&configuration)
        configuration.jwtKeys = "dapr:idp/realms/school/certs?x=1"
        configuration.limitsRates = false
      }
      try publish(names)
      stand.sidecar.invoked { [self] call in
        state.withLock { state in
          state.calls.append((call, stand.clock.now.milliseconds - Stand.noon))
          return state.answer
        }
      }
    }

    /// The calls so far, and when they came, in milliseconds.
    var calls: [(call: Invocation, at: Int64)] { state.withLock { $0.calls } }

    func publish(_ names: [String]) throws {
      answer(200, try TokenSamples.all.keys(named: names))
    }

    func answer(_ status: Int, _ body: String) { state.withLock { $0.answer = InvocationAnswer(status: status, body: Array(body.utf8)) } }

    /// Lets the service work in the background for some seconds of its clock.
    func pass(_ seconds: Int64) async { await stand.pass(seconds) }

    /// The status of a query with a token of the samples: 404 if it is good, since nobody is stored.
    func status(_ name: String) async throws -> Int {
      let token = try #require(TokenSamples.all.good[name])
      return await stand.ask("POST", "/mastery/query", #"{"student_id":"s-1"}"#, [Bearer.header(token)]).status
    }
  }

  @Test("The keys come from the path of the endpoint, and until they are there a token is answered 503, not 401")
  func first() async throws {
    let provider = try Provider("rsa-1")
    #expect(try await provider.status("RS256 by PyJWT") == 503)
    let token = try #require(TokenSamples.all.good["RS256 by PyJWT"])
    let body = #"{"intent":"mastery_query","payload":{"student_id":"s-1"},"security_context":{"token":"\#(token)"}}"#
    let early = await provider.stand.ask("POST", "/process", body)
    #expect(early.status == 503 && early.header("Retry-After") == "2")
    // Tokens by the secret need no provider.
    #expect(try await provider.status("HS256 by PyJWT") == 404)
    await provider.pass(2)
    #expect(try await provider.status("RS256 by PyJWT") == 404)
    #expect(await provider.stand.ask("POST", "/process", body).status == 404)
    let call = try #require(provider.calls.first?.call)
    #expect(call.app == "idp" && call.path == "realms/school/certs?x=1" && call.method == "GET" && call.body == nil)
    #expect(!call.headers.contains { ["authorization", "dapr-api-token"].contains($0.name.lowercased()) })
  }

  @Test("The keys are fetched every ten minutes, and a key that is gone from the set is no longer good")
  func refreshed() async throws {
    let provider = try Provider("rsa-1", "ec-1")
    await provider.pass(2)
    try provider.publish(["ec-1"])
    await provider.pass(597)
    #expect(provider.calls.count == 1)
    #expect(try await provider.status("RS256 by PyJWT") == 404)
    await provider.pass(3)
    #expect(provider.calls.count == 2)
    // What the set never held may be new; what this token names was asked for less than a minute ago.
    #expect(try await provider.status("RS256 by PyJWT") == 401)
    #expect(try await provider.status("ES256 by PyJWT") == 404)
    await provider.pass(6_000)
    #expect((11...13).contains(provider.calls.count))
  }

  @Test("A token by an unknown key has the keys fetched at once, at most once a minute")
  func rotated() async throws {
    let provider = try Provider("rsa-1")
    await provider.pass(2)
    try provider.publish(["rsa-1", "ec-1"])
    // Within a minute of the last fetch there is no other.
    #expect(try await provider.status("ES256 by PyJWT") == 401)
    await provider.pass(61)
    #expect(provider.calls.count == 2)
    #expect(try await provider.status("ES256 by PyJWT") == 404)
    await provider.pass(100)
    #expect(provider.calls.count == 2)
    #expect(try await provider.status("PS256 by PyJWT") == 503)
    #expect(try await provider.status("RS256 by PyJWT") == 404)
    await provider.pass(2)
    #expect(provider.calls.count == 3)
    for _ in 0..<100 { #expect(try await provider.status("PS256 by PyJWT") == 401) }
    await provider.pass(50)
    #expect(provider.calls.count == 3)
    // One by an unknown algorithm or with a bad signature asks for nothing.
    await provider.pass(60)
    let count = provider.calls.count
    for name in ["alg none with a signature", "another payload", "HS256 with a public key as secret, PEM"] {
      let token = try #require(TokenSamples.all.bad[name])
      #expect(await provider.stand.ask("POST", "/mastery/query", #"{"student_id":"s-1"}"#, [Bearer.header(token)]).status == 401)
    }
    await provider.pass(2)
    #expect(provider.calls.count == count)
  }

  @Test(
    "When the keys cannot be fetched the former ones stay good, with a warning, and it is tried every minute",
    arguments: [
      (500, #"{"errorCode":"ERR_DIRECT_INVOKE","message":"x"}"#), (404, ""), (301, #"{"keys":[]}"#), (200, ""),
      (200, "<html>sign in</html>"),
      (200, #"{"keys":[{"kty":"RSA","#), (200, "[]"), (200, #"{"keys":{}}"#),
      (200, #"{"keys":[],"x":""# + String(repeating: "x", count: 1 << 20) + #""}"#),
    ])
  func failing(_ status: Int, _ body: String) async throws {
    let provider = try Provider("rsa-1")
    await provider.pass(2)
    provider.answer(status, body)
    await provider.pass(3_600)
    #expect(try await provider.status("RS256 by PyJWT") == 404)
    #expect((45...53).contains(provider.calls.count))
    let samples = try PrometheusText.samples(await provider.stand.ask("GET", "/metrics").text)
    #expect(samples["mastery_jwks_keys"] == 1 && (40...60).contains(samples["mastery_jwks_unreadable_total"] ?? 0))
    #expect(provider.stand.lines.all.contains { $0.contains(#""level":"warning""#) && $0.contains("JWT_JWKS cannot be fetched") })
    try provider.publish(["ec-1"])
    await provider.pass(62)
    #expect(try await provider.status("ES256 by PyJWT") == 404)
    // It may be fetched for again by now.
    #expect([401, 503].contains(try await provider.status("RS256 by PyJWT")))
  }

  @Test("Without a first set it is tried every five seconds, and an error says so")
  func never() async throws {
    let provider = try Provider("rsa-1")
    provider.stand.sidecar.play { call in
      if case .other = call { return .failed(.timedOut) }
      return .done
    }
    await provider.pass(60)
    #expect(try await provider.status("RS256 by PyJWT") == 503)
    let errors = provider.stand.lines.all.count { $0.contains(#""level":"error""#) && $0.contains("JWT_JWKS cannot be fetched") }
    #expect((1...2).contains(errors))
    provider.stand.sidecar.recover()
    await provider.pass(6)
    #expect(try await provider.status("RS256 by PyJWT") == 404)
  }

  @Test("A set without a key revokes all", arguments: [#"{"keys":[]}"#, #"{"keys":[{"kty":"oct","k":"AAAA"}]}"#])
  func emptied(_ body: String) async throws {
    let provider = try Provider("rsa-1")
    await provider.pass(2)
    provider.answer(200, body)
    await provider.pass(600)
    #expect(try await provider.status("RS256 by PyJWT") == 401)
    #expect(try await provider.status("HS256 by PyJWT") == 404)
  }
}
