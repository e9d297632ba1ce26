internal import JSON
public import MasteryCore

/// Makes tokens for development and tests, signed with HS256.
public struct TokenMint: Sendable {
  /// The content of a token to make.
  public struct Order: Sendable {
    /// The token's subject.
    public var subject: String
    /// The role: student, teacher, admin or service.
    public var role: String
    /// The students of a teacher.
    public var students: [StudentID] = []
    /// The school: an id, or `*` for any.
    public var school: String?
    /// The lifetime in seconds.
    public var seconds = 3_600

    /// Creates an order for a subject in a role.
    public init(subject: String, role: String) {
      self.subject = subject
      self.role = role
    }
  }

  private let secret: String
  private let issuer: String?
  private let audience: String?
  private let names: ClaimNames

  /// Creates a mint for a service with these settings; nil if it accepts no HS256 tokens.
  public init?(_ configuration: Configuration) {
    guard let secret = configuration.tokenSecret else { return nil }
    self.secret = secret
    issuer = configuration.jwtIssuer
    audience = configuration.jwtAudience
    names = configuration.claimNames
  }

  /// Makes a token; nil if its subject, role or school would be refused by any service.
  public func token(_ order: Order, now: Timestamp) -> String? {
    let claims = claims(order, now: now)
    let isGood = try? JSONDocument.parse(claims) { (root) throws(TokenFault) in
      try Claims(root, issuer: issuer, audience: audience, names: names).subject.isEmpty == false
    }
    return isGood == true ? SigningKey(secret: Array(secret.utf8))?.signed(claims) : nil
  }

  private func claims(_ order: Order, now: Timestamp) -> [UInt8] {
    let issued = now.milliseconds / 1_000
    return JSONWriter.object { json in
      json.member(named: names.subject, order.subject)
      json.member(named: names.role, Caller.Role(rawValue: order.role).flatMap(names.word) ?? order.role)
      if !order.students.isEmpty { json.member(named: names.students) { $0.array(of: order.students) { $0.string($1.text) } } }
      for (name, value) in [(names.school, order.school), ("iss", issuer), ("aud", audience)] {
        guard let value else { continue }
        json.member(named: name, value)
      }
      json.member("iat", issued)
      json.member("exp", issued + Int64(order.seconds))
    }
  }
}
