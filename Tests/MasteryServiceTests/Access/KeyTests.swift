import Foundation
import MasteryCore
import Synchronization
import Testing

@testable import MasteryService

@Suite("The keys in force")
struct KeyTests {
  private static let samples = TokenSamples.all

  private func isTaken(_ verifier: TokenVerifier, _ name: String, at milliseconds: Int64) throws -> Bool {
    let token = try #require(Self.samples.good[name])
    return (try? verifier.claims(of: token, now: Timestamp(milliseconds: Stand.noon + milliseconds))) != nil
  }

  /// The set with only the keys of these names.
  private func keys(_ names: String...) throws -> String {
    try Self.samples.keys(named: names)
  }

  @Test("The keys are read again within a second when their file changes, and tokens of a removed key are forgotten")
  func rotation() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "keys-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    func write(_ text: String) throws { try text.write(to: file, atomically: true, encoding: .utf8) }
    try write(keys("rsa-1"))
    let verifier = TokenVerifier(
      keys: KeyRing(secret: nil, jwks: file.path), issuer: nil, audience: nil, remembered: VerifiedTokens())
    #expect(try isTaken(verifier, "RS256 by PyJWT", at: 0))
    #expect(try !isTaken(verifier, "ES256 by PyJWT", at: 0) && !isTaken(verifier, "HS256 by PyJWT", at: 0))
    try write(keys("ec-1", "rsa-2"))
    #expect(try isTaken(verifier, "RS256 by PyJWT", at: 999))
    #expect(try !isTaken(verifier, "RS256 by PyJWT", at: 1_000))
    #expect(try isTaken(verifier, "ES256 by PyJWT", at: 1_000) && isTaken(verifier, "PS256 by PyJWT", at: 1_000))
    // An invalid or missing key set leaves the former keys in force for a while.
    try write("{")
    #expect(try isTaken(verifier, "ES256 by PyJWT", at: 2_000))
    try FileManager.default.removeItem(at: file)
    #expect(try isTaken(verifier, "ES256 by PyJWT", at: 3_000))
    try write(keys("rsa-1"))
    #expect(try !isTaken(verifier, "ES256 by PyJWT", at: 4_000) && isTaken(verifier, "RS256 by PyJWT", at: 4_000))
  }

  /// A key ring over a file, with its reports.
  private final class Told: Sendable {
    private let state = Mutex<[KeyRing.Finding]>([])
    var all: [KeyRing.Finding] { state.withLock { $0 } }
    func take(_ finding: KeyRing.Finding) { state.withLock { $0.append(finding) } }
  }

  private func watched(_ file: URL) -> (verifier: TokenVerifier, told: Told) {
    let told = Told()
    let ring = KeyRing(secret: nil, jwks: file.path) { finding, _ in told.take(finding) }
    return (TokenVerifier(keys: ring, issuer: nil, audience: nil, remembered: VerifiedTokens()), told)
  }

  private static var file: URL { FileManager.default.temporaryDirectory.appending(path: "keys-\(UUID().uuidString).json") }

  @Test("An empty key set revokes all keys within a second", arguments: [#"{"keys":[]}"#, #"{"keys":[{"kty":"oct","k":"AAAA"}]}"#])
  func emptied(_ text: String) throws {
    let file = Self.file
    defer { try? FileManager.default.removeItem(at: file) }
    try keys("rsa-1").write(to: file, atomically: true, encoding: .utf8)
    let (verifier, told) = watched(file)
    #expect(try isTaken(verifier, "RS256 by PyJWT", at: 0))
    try text.write(to: file, atomically: true, encoding: .utf8)
    #expect(try isTaken(verifier, "RS256 by PyJWT", at: 999))
    #expect(try !isTaken(verifier, "RS256 by PyJWT", at: 1_000))
    try keys("rsa-1").write(to: file, atomically: true, encoding: .utf8)
    #expect(try isTaken(verifier, "RS256 by PyJWT", at: 2_000))
    #expect(told.all == [.read(keys: 1, leftOut: 0), .read(keys: 0, leftOut: 0), .read(keys: 1, leftOut: 0)])
  }

  @Test(
    "The keys stay in force for 5 minutes, and no longer, if their file is missing, torn or emptied",
    arguments: [nil, "", #"{"keys":[{"#, "[]"])
  func unreadable(_ text: String?) throws {
    let file = Self.file
    defer { try? FileManager.default.removeItem(at: file) }
    try keys("rsa-1").write(to: file, atomically: true, encoding: .utf8)
    let (verifier, told) = watched(file)
    #expect(try isTaken(verifier, "RS256 by PyJWT", at: 0))
    if let text { try text.write(to: file, atomically: true, encoding: .utf8) } else { try FileManager.default.removeItem(at: file) }
    for second: Int64 in [1, 60, 299, 300] { #expect(try isTaken(verifier, "RS256 by PyJWT", at: second * 1_000)) }
    #expect(told.all.last == .unreadable(left: 1_000))
    #expect(try !isTaken(verifier, "RS256 by PyJWT", at: 301_000))
    #expect(told.all.last == .expired)
    #expect(try !isTaken(verifier, "RS256 by PyJWT", at: 3_600_000))
    try keys("rsa-1").write(to: file, atomically: true, encoding: .utf8)
    #expect(try isTaken(verifier, "RS256 by PyJWT", at: 3_601_000))
    // The next time starts over.
    try FileManager.default.removeItem(at: file)
    #expect(try isTaken(verifier, "RS256 by PyJWT", at: 3_602_000) && isTaken(verifier, "RS256 by PyJWT", at: 3_800_000))
  }

  @Test("At most 64 entries of a key set are read, and further ones are reported")
  func many() throws {
    let file = Self.file
    defer { try? FileManager.default.removeItem(at: file) }
    let root = try ReadJSON.object(keys("ec-1"))
    let key = try #require((root["keys"] as? [[String: Any]])?.first)
    let other = #"{"kty":"oct","k":"AAAA"}"#
    let text = try #"{"keys":[\#(Array(repeating: other, count: 64).joined(separator: ",")),\#(ReadJSON.canonical(key))]}"#
    try text.write(to: file, atomically: true, encoding: .utf8)
    let (verifier, told) = watched(file)
    #expect(try !isTaken(verifier, "ES256 by PyJWT", at: 0))
    #expect(told.all == [.read(keys: 0, leftOut: 1)])
  }

  @Test("The keys are checked even without requests, with warnings and metrics for operators")
  func reported() async throws {
    let file = Self.file
    defer { try? FileManager.default.removeItem(at: file) }
    try keys("rsa-1", "ec-1").write(to: file, atomically: true, encoding: .utf8)
    let stand = Stand.production { $0.jwtKeys = file.path }
    await stand.pass(2)
    #expect(try PrometheusText.samples(await stand.ask("GET", "/metrics").text)["mastery_jwks_keys"] == 2)
    try FileManager.default.removeItem(at: file)
    await stand.pass(10)
    var samples = try PrometheusText.samples(await stand.ask("GET", "/metrics").text)
    #expect(samples["mastery_jwks_keys"] == 2 && samples["mastery_jwks_unreadable_total"] ?? 0 > 2)
    #expect(stand.lines.all.count { $0.contains(#""level":"warning""#) && $0.contains("JWT_JWKS") } == 1)
    await stand.pass(320)
    samples = try PrometheusText.samples(await stand.ask("GET", "/metrics").text)
    #expect(samples["mastery_jwks_keys"] == 0)
    #expect(stand.lines.all.contains { $0.contains(#""level":"error""#) && $0.contains("JWT_JWKS") })
  }

  @Test("The keys may be given as text, with white space before it")
  func text() throws {
    let verifier = TokenVerifier(
      keys: KeyRing(secret: nil, jwks: "\n  " + Self.samples.keys), issuer: nil, audience: nil, remembered: VerifiedTokens())
    for name in ["RS256 by PyJWT", "PS256 by PyJWT", "ES256 by PyJWT"] { #expect(try isTaken(verifier, name, at: 0)) }
    #expect(try !isTaken(verifier, "HS256 by PyJWT", at: 0))
  }

  @Test("Without keys no token is accepted")
  func none() throws {
    let verifier = TokenVerifier(keys: KeyRing(secret: nil, jwks: nil), issuer: nil, audience: nil, remembered: VerifiedTokens())
    for name in Self.samples.good.keys { #expect(try !isTaken(verifier, name, at: 0)) }
  }
}

@Suite("The cache of verified tokens")
struct VerifiedTokenTests {
  private let claims: Claims = {
    do { return try Self.claims() } catch { preconditionFailure("\(error)") }
  }()

  private static func claims() throws -> Claims {
    try TokenSamples.all.verifier().claims(
      of: try #require(TokenSamples.all.good["HS256 by PyJWT"]), now: Timestamp(milliseconds: Stand.noon))
  }

  @Test("The cache of verified tokens stays within its count and its bytes")
  func bounds() {
    let tokens = VerifiedTokens(countLimit: 10, bytesLimit: 4_000)
    for number in 0..<1_000 {
      tokens.remember(String(repeating: "x", count: number % 200) + "\(number)", claims, generation: 0)
      let size = tokens.size
      #expect(size.count <= 10 && size.bytes <= 4_000)
    }
    #expect(tokens.size.count > 1)
  }

  @Test("The cache keeps tokens that come again, and not those that come once")
  func second() {
    let tokens = VerifiedTokens(countLimit: 4, bytesLimit: 1 << 20)
    tokens.remember("regular", claims, generation: 0)
    for number in 0..<100 {
      #expect(tokens.claims(of: "regular", generation: 0) != nil)
      tokens.remember("stranger-\(number)", claims, generation: 0)
    }
    #expect(tokens.claims(of: "stranger-1", generation: 0) == nil)
    #expect(tokens.size.count == 4)
  }

  @Test("The cache leaves out a token that would push out many others")
  func large() {
    let tokens = VerifiedTokens(countLimit: 4, bytesLimit: 4_000)
    tokens.remember(String(repeating: "x", count: 126), claims, generation: 0)
    #expect(tokens.size.count == 0)
    tokens.remember(String(repeating: "x", count: 125), claims, generation: 0)
    #expect(tokens.size.count == 1)
  }

  @Test("A cached token counts for one generation of keys and is compared as bytes")
  func whole() {
    let tokens = VerifiedTokens()
    tokens.remember("aK.b.c", claims, generation: 1)
    #expect(tokens.claims(of: "aK.b.c", generation: 1) != nil)
    for other in ["aK.b.", "aK.b.cc", "aK.b.d", "a\u{212A}.b.c", ""] { #expect(tokens.claims(of: other, generation: 1) == nil) }
    for generation in [0, 2] { #expect(tokens.claims(of: "aK.b.c", generation: generation) == nil) }
    tokens.remember("late", claims, generation: 0)
    #expect(tokens.size.count == 1)
    tokens.remember("new", claims, generation: 2)
    #expect(tokens.size.count == 1 && tokens.claims(of: "aK.b.c", generation: 1) == nil)
  }
}
