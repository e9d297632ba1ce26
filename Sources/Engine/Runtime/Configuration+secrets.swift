extension Configuration {
  /// The settings that may be in the secret store, each as its own secret with its name in lower case with dashes, such as `jwt-secret`.
  public static let secrets = ["JWT_SECRET", "JWT_JWKS", "APP_API_TOKEN", "TLS_CERTIFICATE", "TLS_PRIVATE_KEY"]
  /// Minimum bytes of a secret in production, the output size of HS256 (RFC 7518, 3.2).
  private static let secretLength = 32
  /// The token secret in development, where callers without a token are accepted anyway.
  public static let developmentSecret = "mastery-engine: for development, not for production"

  /// The secret that verifies HS256 tokens; in development there always is one.
  public var tokenSecret: String? {
    jwtSecret ?? (environment == .development && jwtKeys == nil ? Self.developmentSecret : nil)
  }

  /// Checks that every setting required for safety in this environment is present.
  ///
  /// - Throws: `BadSetting` naming the first setting that is missing or too short.
  public func checkSecrets() throws(BadSetting) {
    guard tokenSecret != nil || jwtKeys != nil else {
      throw BadSetting(name: "JWT_SECRET", value: nil, constraint: "is required in \(environment.rawValue), unless JWT_JWKS is given")
    }
    guard environment == .production else { return }
    if let jwtSecret, jwtSecret.utf8.count < Self.secretLength {
      throw BadSetting(name: "JWT_SECRET", value: nil, constraint: "must have at least \(Self.secretLength) bytes in production")
    }
    guard appToken != nil else { throw BadSetting(name: "APP_API_TOKEN", value: nil, constraint: "is required in production") }
  }
}
