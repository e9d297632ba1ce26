extension Configuration {
  /// The settings that may lie in the secret store, each as a secret of its own: its name in lower case with dashes, `jwt-secret`.
  public static let secrets = ["JWT_SECRET", "JWT_JWKS", "APP_API_TOKEN", "TLS_CERTIFICATE", "TLS_PRIVATE_KEY"]
  /// The fewest bytes of a secret in production, those of what HS256 makes (RFC 7518, 3.2).
  private static let secretLength = 32
  /// The secret of tokens in development, where whoever brings no token is let in anyway.
  public static let developmentSecret = "mastery-engine: for development, not for production"

  /// The secret that HS256 tokens are verified with: in development there always is one.
  public var tokenSecret: String? {
    jwtSecret ?? (environment == .development && jwtKeys == nil ? Self.developmentSecret : nil)
  }

  /// Checks that nothing is missing without which the service would not be safe where it runs.
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
