internal import JSON
internal import MasteryCore

/// The validated claims of a token.
struct Claims: Sendable, Hashable {
  /// Maximum number of claims in a token.
  private static let countLimit = 100
  /// Maximum bytes of a subject.
  private static let subjectLimit = 255
  /// The latest date that a claim may contain, the end of the year 9999, in seconds since 1970.
  private static let lastMoment = 253_402_300_799.0

  let subject: String
  let role: Caller.Role
  let students: Set<StudentID>
  let schools: SchoolScope
  /// When the token expires, in seconds since 1970.
  let expires: Double
  /// When the token becomes valid, in seconds since 1970; nil if always.
  let notBefore: Double?

  /// Reads the claims of a token whose signature is valid.
  ///
  /// - Parameters:
  ///   - value: The token's payload.
  ///   - issuer: The required issuer; nil accepts any.
  ///   - audience: The required audience; nil accepts any.
  /// - Throws: `TokenFault` that names the missing or wrong claim.
  init(_ value: JSONValue, issuer: String?, audience: String?) throws(TokenFault) {
    guard value.kind == .object, Self.areDistinct(value, limit: Self.countLimit) else { throw .malformed }
    guard let expires = try Self.moment(Self.claim("exp", value)) else { throw .missing("exp") }
    guard let subject = Self.claim("sub", value) else { throw .missing("sub") }
    guard let role = Self.claim("role", value) else { throw .missing("role") }
    guard let name = subject.string, Self.isSubject(name) else { throw .wrong("sub") }
    guard let read = role.string.flatMap(Caller.Role.init) else { throw .wrong("role") }
    if let issuer, value["iss"]?.text?.matches(issuer) != true { throw .wrong("iss") }
    if let audience, !Self.names(value["aud"], audience) { throw .wrong("aud") }
    self.expires = expires
    notBefore = try Self.moment(Self.claim("nbf", value))
    _ = try Self.moment(Self.claim("iat", value))
    self.subject = name
    self.role = read
    students = read == .teacher ? try Self.students(Self.claim("students", value)) : []
    schools = try Self.schools(Self.claim("school_id", value), read)
  }

  /// The claim of that name; a null claim counts as missing.
  private static func claim(_ name: StaticString, _ value: JSONValue) -> JSONValue? {
    value[name].flatMap { $0.isNull ? nil : $0 }
  }

  /// Whether an object has no duplicate members and not too many of them.
  static func areDistinct(_ value: JSONValue, limit: Int) -> Bool {
    // Compared as bytes: texts that are equal in Swift may still be different names.
    var names: Set<[UInt8]> = []
    for (name, _) in value.members {
      guard names.count < limit, names.insert(Array(name)).inserted else { return false }
    }
    return true
  }

  private static func moment(_ value: JSONValue?) throws(TokenFault) -> Double? {
    guard let value else { return nil }
    guard let moment = value.number, (0...lastMoment).contains(moment) else { throw .malformed }
    return moment
  }

  private static func isSubject(_ text: String) -> Bool {
    (1...subjectLimit).contains(text.utf8.count)
      && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control && $0.value != 0x2028 && $0.value != 0x2029 }
  }

  private static func names(_ value: JSONValue?, _ audience: String) -> Bool {
    guard let value else { return false }
    if value.kind == .array {
      return value.elements.allSatisfy { $0.kind == .string } && value.elements.contains { $0.text?.matches(audience) == true }
    }
    return value.text?.matches(audience) == true
  }

  private static func students(_ value: JSONValue?) throws(TokenFault) -> Set<StudentID> {
    guard let value else { return [] }
    guard value.kind == .array else { throw .wrong("students") }
    // An id that no student can have grants nothing, and does not invalidate the others.
    return Set(value.elements.compactMap { $0.identifier.flatMap(StudentID.init) })
  }

  private static func schools(_ value: JSONValue?, _ role: Caller.Role) throws(TokenFault) -> SchoolScope {
    guard let value else { return .none }
    guard let text = value.identifier else { throw .wrong("school_id") }
    if text == "*", role == .admin || role == .service { return .every }
    guard let school = SchoolID(text) else { throw .wrong("school_id") }
    return .one(school)
  }
}
