import DaprClient
import MasteryService
import Testing

@testable import Commands

@Suite("Secrets that are not in the environment")
struct SecretSettingsTests {
  private let clock = SteppedClock("2026-11-21T10:00:00Z")
  private let lines = LogLines()

  private func secrets(
    _ secrets: [String: [String: String]]?, failures: [String: [SidecarFailure]] = [:]
  ) -> SecretSettings {
    SecretSettings(
      sidecar: ScriptedBroker(secrets: secrets, secretFailures: failures), store: "vault", runtime: clock.runtime, log: lines.log)
  }

  @Test("A secret comes from the sidecar's store: under the secret's name, the setting's name, or as its only value")
  func found() async throws {
    let settings = secrets([
      "vault/jwt-secret": ["jwt-secret": "a", "JWT_SECRET": "b", "other": "c"],
      "vault/app-api-token": ["APP_API_TOKEN": "d", "other": "e"],
      "vault/tls-private-key": ["value": "f"], "vault/jwt-jwks": ["one": "g", "two": "h"], "elsewhere/tls-certificate": ["value": "i"],
    ])
    let completed = try await settings.completed(["APP_PORT": "80", "JWT_SECRET": ""])
    #expect(completed == ["APP_PORT": "80", "JWT_SECRET": "a", "APP_API_TOKEN": "d", "TLS_PRIVATE_KEY": "f"])
    #expect(lines.all.isEmpty)
  }

  @Test("A secret in the environment is not asked for")
  func environment() async throws {
    let completed = try await secrets(["vault/jwt-secret": ["jwt-secret": "a"]]).completed(["JWT_SECRET": "own"])
    #expect(completed == ["JWT_SECRET": "own"])
  }

  @Test("Secrets that the store denies are missing, with a warning that names each")
  func denied() async throws {
    let denial = SidecarFailure.refused(status: 403, code: "ERR_PERMISSION_DENIED", message: "access denied by policy")
    let settings = secrets(
      ["vault/jwt-secret": ["jwt-secret": "a"]], failures: ["jwt-jwks": [denial], "tls-certificate": [denial], "tls-private-key": [denial]])
    #expect(try await settings.completed([:]) == ["JWT_SECRET": "a"])
    for name in ["JWT_JWKS", "TLS_CERTIFICATE", "TLS_PRIVATE_KEY"] {
      #expect(lines.all.count { $0.contains("warning") && $0.contains(name) } == 1)
    }
  }

  /// A store's message for a missing secret: the first as recorded, the others in the words of other stores.
  private static let missingWords = [
    "failed getting secret with key jwt-jwks from secret store vault: secret jwt-jwks not found",
    #"failed getting secret with key jwt-jwks from secret store vault: secrets "jwt-jwks" not found"#,
    "failed getting secret with key jwt-jwks from secret store vault: getSecret jwt-jwks failed secret key or version not exist",
    "failed getting secret with key jwt-jwks from secret store vault: couldn't get secret: ResourceNotFoundException: no",
  ]

  @Test("Secrets that do not exist are missing, whatever the store's words for that", arguments: missingWords)
  func missing(_ message: String) async throws {
    let settings = secrets(
      ["vault/jwt-secret": ["jwt-secret": "a"]],
      failures: ["jwt-jwks": [.failed(status: 500, code: "ERR_SECRET_GET", message: message)]])
    #expect(try await settings.completed([:]) == ["JWT_SECRET": "a"])
    #expect(clock.pauses.isEmpty)
  }

  /// A store's message for a failure; all of them name the store and the secret.
  private static let failures: [SidecarFailure] =
    [
      "vault is sealed", "connection refused", "dial tcp: lookup vault: no such host", "context deadline exceeded",
      "the token jwt-jwks was not found in the cache",
    ].map {
      .failed(
        status: 500, code: "ERR_SECRET_GET", message: "failed getting secret with key jwt-jwks from secret store not found: \($0)")
    } + [.timedOut, .broken("reset"), .unreachable("refused")]

  @Test("Secrets that the store fails to hand out stop the start after a while, by name", arguments: failures)
  func failed(_ failure: SidecarFailure) async throws {
    let settings = secrets([:], failures: ["jwt-jwks": [SidecarFailure](repeating: failure, count: 1_000)])
    let stopped = try await #require(throws: CommandFailure.self) { try await settings.completed([:]) }
    #expect(stopped.status == 69)
    #expect(stopped.message.contains("jwt-jwks") && stopped.message.contains("JWT_JWKS") && stopped.message.contains("vault"))
    #expect((10_000...10_500).contains(clock.pauses.reduce(0, +)))
    #expect(lines.all.count { $0.contains("warning") } == 1)
  }

  @Test("Secrets that arrive at a later try are accepted")
  func later() async throws {
    let failure = SidecarFailure.failed(status: 500, code: "ERR_SECRET_GET", message: "vault is sealed")
    let settings = secrets(["vault/jwt-secret": ["jwt-secret": "a"]], failures: ["jwt-secret": [failure, failure]])
    #expect(try await settings.completed([:]) == ["JWT_SECRET": "a"])
    #expect(clock.pauses == [500, 500])
  }

  @Test("An unknown store or a token that the sidecar refuses stops the start at once, since no retry can help")
  func unusable() async throws {
    for (message, word) in [
      ("failed finding secret store with key vault", "SECRET_STORE_NAME"), ("invalid api token", "DAPR_API_TOKEN"),
    ] {
      let settings = secrets([:], failures: ["jwt-secret": [.unauthorized(message)]])
      let stopped = try await #require(throws: CommandFailure.self) { try await settings.completed([:]) }
      #expect(stopped.status == 78 && stopped.message.contains(word) && stopped.message.contains("401"))
    }
    #expect(clock.pauses.isEmpty)
  }
}
