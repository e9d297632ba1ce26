import Foundation
import Testing

@testable import MasteryService

/// The tokens in `Tokens`, made by implementations other than the service's own.
struct TokenSamples: Sendable {
  let secret: String
  let issuer: String
  let audience: String
  let good: [String: String]
  let bad: [String: String]
  /// Tokens with content that is ignored.
  let tolerated: [String: String]
  /// The JWK set, as it would be in a file.
  let keys: String

  static let all: TokenSamples = {
    do { return try TokenSamples() } catch { preconditionFailure("the samples of tokens cannot be read: \(error)") }
  }()

  private init() throws {
    let url = try #require(Bundle.module.url(forResource: "tokens", withExtension: "json", subdirectory: "Tokens"))
    let root = try ReadJSON.object(Array(try Data(contentsOf: url)))
    secret = try #require(root["secret"] as? String)
    issuer = try #require(root["issuer"] as? String)
    audience = try #require(root["audience"] as? String)
    good = try #require(root["good"] as? [String: String])
    bad = try #require(root["bad"] as? [String: String])
    tolerated = try #require(root["tolerated"] as? [String: String])
    keys = try ReadJSON.canonical(try #require(root["jwks"]))
  }

  /// The set with only the keys of these names.
  func keys(named names: [String]) throws -> String {
    let all = try #require(try ReadJSON.object(keys)["keys"] as? [[String: Any]])
    return try ReadJSON.canonical(["keys": all.filter { names.contains($0["kid"] as? String ?? "") }])
  }

  /// The configuration for which the good ones are valid.
  func configure(_ configuration: inout Configuration) {
    configuration.environment = .production
    configuration.jwtSecret = secret
    configuration.jwtKeys = keys
    configuration.jwtIssuer = issuer
    configuration.jwtAudience = audience
  }

  /// A verifier of the good ones.
  func verifier(remembering remembered: VerifiedTokens = VerifiedTokens()) -> TokenVerifier {
    TokenVerifier(keys: KeyRing(secret: secret, jwks: keys), issuer: issuer, audience: audience, remembered: remembered)
  }
}
