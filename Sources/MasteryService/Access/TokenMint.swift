internal import JSON
public import MasteryCore

/// Makes tokens for development and tests, signed with HS256.
public struct TokenMint: Sendable {
  /// What a token shall say.
  public struct Order: Sendable {
    /// Who it is for.
    public var subject: String
    /// Its role: student, teacher, admin, service.
    public var role: String
    /// The students that a teacher teaches.
    public var students: [StudentID] = []
    /// The school: an id, or `*` for any.
    public var school: String?
    /// How long it is good, in seconds.
    public var seconds = 3_600

    /// An order for somebody in a role.
    public init(subject: String, role: String) {
      self.subject = subject
      self.role = role
    }
  }

  private let secret: String
  private let issuer: String?
  private let audience: String?

  /// A mint that makes what a service of these settings takes; nil where it takes no HS256 tokens.
  public init?(_ configuration: Configuration) {
    guard let secret = configuration.tokenSecret else { return nil }
    self.secret = secret
    issuer = configuration.jwtIssuer
    audience = configuration.jwtAudience
  }

  /// A token; nil when no service would take it, for its subject, role or school.
  public func token(_ order: Order, now: Timestamp) -> String? {
    let claims = claims(order, now: now)
    let isGood = try? JSONDocument.parse(claims) { (root) throws(TokenFault) in
      try Claims(root, issuer: issuer, audience: audience).subject.isEmpty == false
    }
    return isGood == true ? SigningKey(secret: Array(secret.utf8))?.signed(claims) : nil
  }

  private func claims(_ order: Order, now: Timestamp) -> [UInt8] {
    let issued = now.milliseconds / 1_000
    var json = JSONWriter()
    json.beginObject()
    json.key("sub")
    json.string(order.subject)
    json.key("role")
    json.string(order.role)
    if !order.students.isEmpty {
      json.key("students")
      json.beginArray()
      for student in order.students { json.string(student.text) }
      json.endArray()
    }
    for (name, value) in [("school_id", order.school), ("iss", issuer), ("aud", audience)] {
      guard let value else { continue }
      json.key(named: name)
      json.string(value)
    }
    json.key("iat")
    json.integer(issued)
    json.key("exp")
    json.integer(issued + Int64(order.seconds))
    json.endObject()
    return json.bytes
  }
}
