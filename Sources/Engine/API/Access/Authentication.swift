internal import MasteryCore

/// Authenticates callers and determines their school.
struct Authentication: Sendable {
  let verifier: TokenVerifier
  /// Development only: a caller without a token counts as a service of the school named in the request.
  let letsUnknownIn: Bool

  /// Creates the authentication from the settings.
  ///
  /// - Parameters:
  ///   - configuration: The settings.
  ///   - report: Receives findings about the public keys.
  init(_ configuration: Configuration, keys report: KeyReport) {
    verifier = TokenVerifier(
      keys: KeyRing(secret: configuration.tokenSecret, jwks: configuration.jwtKeys) { report.take($0, now: $1) },
      issuer: configuration.jwtIssuer, audience: configuration.jwtAudience, claimNames: configuration.claimNames,
      remembered: VerifiedTokens())
    letsUnknownIn = configuration.environment == .development
  }

  /// The caller that the credentials identify.
  ///
  /// - Throws: `Problem` if the token is missing or not accepted, or the school is not the caller's.
  func caller(_ credentials: Credentials, now: Timestamp) throws(Problem) -> Caller {
    switch credentials.token {
    case .nothing:
      guard letsUnknownIn else { throw .tokenMissing }
      return Caller(role: .service, subject: "development", school: try Self.named(credentials.schools), schools: .every)
    case .unusable: throw .tokenRefused(.malformed)
    case .bearer(let token):
      let claims: Claims
      do {
        claims = try verifier.claims(of: token, now: now)
      } catch {
        throw error == .keyAwaited ? .tokenKeyAwaited : .tokenRefused(error)
      }
      return try Self.caller(claims, naming: try Self.named(credentials.schools))
    }
  }

  private static func caller(_ claims: Claims, naming named: SchoolID?) throws(Problem) -> Caller {
    guard Permission(claims.schools, naming: named) == .allowed else { throw .notFound("there is no such school") }
    let school: SchoolID?
    switch claims.schools {
    case .none: school = nil
    case .one(let own): school = own
    case .every:
      guard let named else {
        throw .invalid("X-School-ID", value: nil, "is required: the token is for every school, so each request names one")
      }
      school = named
    }
    return Caller(
      role: claims.role, subject: claims.subject, school: school, students: claims.students, schools: claims.schools)
  }

  private static func named(_ names: [String]) throws(Problem) -> SchoolID? {
    guard let name = names.first else { return nil }
    guard names.count == 1 else {
      throw .invalid("X-School-ID", value: String(names.joined(separator: ", ").prefix(100)), "must be given once")
    }
    guard let school = SchoolID(name) else {
      throw .invalid("X-School-ID", value: String(name.prefix(100)), FieldType.identifier.constraint)
    }
    return school
  }
}
