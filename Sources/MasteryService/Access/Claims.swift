internal import JSON
internal import MasteryCore

/// What a token says of its bearer, read and found right.
struct Claims: Sendable, Hashable {
  /// Most claims that a token may have.
  private static let countLimit = 100
  /// Most bytes of a subject.
  private static let subjectLimit = 255
  /// The last moment that a date may name, the end of the year 9999, in seconds since 1970.
  private static let lastMoment = 253_402_300_799.0

  let subject: String
  let role: Caller.Role
  let students: Set<StudentID>
  let schools: SchoolScope
  /// When the token ends, in seconds since 1970.
  let expires: Double
  /// From when on it is good, in seconds since 1970; nil for always.
  let notBefore: Double?

  /// Reads the claims of a token whose signature is good.
  ///
  /// - Parameters:
  ///   - value: The token's payload.
  ///   - issuer: Who must have made it; nil for anybody with the key.
  ///   - audience: Whom it must be for; nil for anybody.
  /// - Throws: `TokenFault` that says what is missing or wrong.
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

  /// A claim of that name; one that is null is missing.
  private static func claim(_ name: StaticString, _ value: JSONValue) -> JSONValue? {
    value[name].flatMap { $0.isNull ? nil : $0 }
  }

  /// Whether no member of an object is there twice, and there are not too many.
  static func areDistinct(_ value: JSONValue, limit: Int) -> Bool {
    // Compared as bytes: texts that Swift finds equal may still be different names.
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
    // An id that nobody can have gives no rights, and takes none from those beside it.
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
