import Foundation
import MasteryCore
import MasteryService
import Testing

@testable import Commands

@Suite("A development token")
struct TokenCommandTests {
  private static let now = Timestamp(milliseconds: 1_773_576_000_000)
  private static let development = ["ENVIRONMENT": "development"]

  private func command(_ arguments: [String]) throws -> TokenCommand {
    try TokenCommand(CallArguments(arguments, TokenCommand.usage))
  }

  private func claims(_ token: String) throws -> [String: Any] {
    var text = token.split(separator: ".")[1].replacing("-", with: "+").replacing("_", with: "/")
    while text.count % 4 != 0 { text += "=" }
    let payload = try #require(Data(base64Encoded: String(text)))
    return try #require(try JSONSerialization.jsonObject(with: payload) as? [String: Any])
  }

  @Test("A development token holds the claims that were asked for")
  func says() throws {
    let variables = Self.development.merging(["JWT_ISSUER": "me", "JWT_AUDIENCE": "you"]) { $1 }
    let token = try command(["--sub", "t-1", "--role", "teacher", "--students", "a,b", "--school", "north", "--ttl", "60"])
      .token(variables, now: Self.now)
    let claims = try claims(token)
    #expect(claims["sub"] as? String == "t-1" && claims["role"] as? String == "teacher" && claims["school_id"] as? String == "north")
    #expect(claims["students"] as? [String] == ["a", "b"] && claims["iss"] as? String == "me" && claims["aud"] as? String == "you")
    #expect(claims["iat"] as? Int == 1_773_576_000 && claims["exp"] as? Int == 1_773_576_060)
    let plain = try command(["--sub", "ada", "--role", "student"]).token(Self.development, now: Self.now)
    #expect(Set(try self.claims(plain).keys) == ["sub", "role", "iat", "exp"])
    #expect(try self.claims(plain)["exp"] as? Int == 1_773_579_600)
  }

  @Test(
    "A development token is never made for production, which is the default environment", arguments: [[:], ["ENVIRONMENT": "production"]])
  func production(_ variables: [String: String]) throws {
    let command = try command(["--sub", "ada", "--role", "admin"])
    for variables in [variables, variables.merging(["JWT_SECRET": String(repeating: "x", count: 32)]) { $1 }] {
      let failure = #expect(throws: CommandFailure.self) { try command.token(variables, now: Self.now) }
      #expect(failure?.status == 78 && failure?.message.hasPrefix("ENVIRONMENT") == true)
    }
  }

  @Test("A development token is not made without a secret")
  func noSecret() throws {
    let command = try command(["--sub", "ada", "--role", "admin"])
    let failure = #expect(throws: CommandFailure.self) { try command.token(["ENVIRONMENT": "staging"], now: Self.now) }
    #expect(failure?.status == 78 && failure?.message.hasPrefix("JWT_SECRET") == true)
  }

  @Test(
    "A development token that no service would accept is not made",
    arguments: [
      ["--sub", "a", "--role", "root"], ["--sub", "a", "--role", "student", "--school", "*"],
      ["--sub", "a", "--role", "admin", "--school", "a/b"],
      ["--sub", "a\nb", "--role", "admin"], ["--sub", "a", "--role", "Admin"],
    ])
  func untaken(_ arguments: [String]) throws {
    let command = try command(arguments)
    let failure = #expect(throws: CommandFailure.self) { try command.token(Self.development, now: Self.now) }
    #expect(failure?.status == 64)
  }
}
