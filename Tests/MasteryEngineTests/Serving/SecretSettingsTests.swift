import Testing

@testable import Commands

@Suite("Secrets that are not in the environment")
struct SecretSettingsTests {
  private static func settings(_ secrets: [String: [String: String]]?) -> SecretSettings {
    SecretSettings(sidecar: ScriptedBroker(secrets: secrets), store: "vault")
  }

  @Test("come from the sidecar's store: under the secret's name, the setting's name, or as its only value")
  func found() async throws {
    let settings = Self.settings([
      "vault/jwt-secret": ["jwt-secret": "a", "JWT_SECRET": "b", "other": "c"],
      "vault/app-api-token": ["APP_API_TOKEN": "d", "other": "e"],
      "vault/tls-private-key": ["value": "f"], "vault/jwt-jwks": ["one": "g", "two": "h"], "elsewhere/tls-certificate": ["value": "i"],
    ])
    let completed = try await settings.completed(["APP_PORT": "80", "JWT_SECRET": ""])
    #expect(completed == ["APP_PORT": "80", "JWT_SECRET": "a", "APP_API_TOKEN": "d", "TLS_PRIVATE_KEY": "f"])
  }

  @Test("are not asked for where the environment has them")
  func environment() async throws {
    let completed = try await Self.settings(["vault/jwt-secret": ["jwt-secret": "a"]]).completed(["JWT_SECRET": "own"])
    #expect(completed == ["JWT_SECRET": "own"])
  }

  @Test("stop the start when the store cannot be asked")
  func absent() async {
    await #expect {
      try await Self.settings(nil).completed([:])
    } throws: { error in
      if case .unavailable(let why)? = error as? CommandFailure { why.contains("vault") } else { false }
    }
  }
}
