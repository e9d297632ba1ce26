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
  ///   - names: Which claims hold the identity, the role, the students and the school.
  /// - Throws: `TokenFault` that names the missing or wrong claim.
  init(_ value: JSONValue, issuer: String?, audience: String?, names: ClaimNames) throws(TokenFault) {
    guard value.kind == .object, Self.areDistinct(value, limit: Self.countLimit) else { throw .malformed }
    guard let expires = try Self.moment(Self.claim(at: "exp", value)) else { throw .missing("exp") }
    guard let subject = try Self.claim(at: names.subject, value) else { throw .missing(names.subject) }
    guard let role = try Self.claim(at: names.role, value) else { throw .missing(names.role) }
    // A `sub` is a string (RFC 7519, 4.1.2); other claims may be numbers.
    guard let name = names.subject == "sub" ? subject.string : subject.identifier, Self.isSubject(name) else { throw .wrong(names.subject) }
    guard let read = names.role(of: Self.elements(role).compactMap(\.string)) else { throw .wrong(names.role) }
    if let issuer, value["iss"]?.text?.matches(issuer) != true { throw .wrong("iss") }
    if let audience, !Self.names(value["aud"], audience) { throw .wrong("aud") }
    self.expires = expires
    notBefore = try Self.moment(Self.claim(at: "nbf", value))
    _ = try Self.moment(Self.claim(at: "iat", value))
    self.subject = name
    self.role = read
    let taught = read == .teacher ? try Self.claim(at: names.students, value) : nil
    guard let students = Self.students(taught) else { throw .wrong(names.students) }
    self.students = students
    let school = try Self.claim(at: names.school, value)
    guard let schools = Self.schools(school, read) else { throw .wrong(names.school) }
    self.schools = schools
  }

  /// The claim at a path; a null claim counts as missing.
  ///
  /// Names may have dots of their own, as `https://school.example/role` has: of those that fit the path the longest counts.
  ///
  /// - Throws: `TokenFault.malformed` if an object on the path has duplicate members or too many.
  private static func claim(at path: String, _ value: JSONValue) throws(TokenFault) -> JSONValue? {
    var end = path.endIndex
    while true {
      let name = String(path[..<end])
      if let member = value.members.first(where: { $0.key.matches(name) })?.value {
        if end == path.endIndex { return member.isNull ? nil : member }
        if member.kind == .object {
          guard areDistinct(member, limit: countLimit) else { throw .malformed }
          if let found = try claim(at: String(path[path.index(after: end)...]), member) { return found }
        }
      }
      guard let dot = path[..<end].lastIndex(of: ".") else { return nil }
      end = dot
    }
  }

  /// The elements of a list; anything else counts as a list of one.
  private static func elements(_ value: JSONValue) -> [JSONValue] { value.kind == .array ? Array(value.elements) : [value] }

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

  /// The students that a claim names; nil if it is wrong.
  private static func students(_ value: JSONValue?) -> Set<StudentID>? {
    guard let value else { return [] }
    guard value.kind == .array else { return nil }
    // An id that no student can have grants nothing, and does not invalidate the others.
    return Set(value.elements.compactMap { $0.identifier.flatMap(StudentID.init) })
  }

  /// The schools that a claim names, at most one unless it is for all; nil if it is wrong.
  private static func schools(_ value: JSONValue?, _ role: Caller.Role) -> SchoolScope? {
    guard let value else { return SchoolScope.none }
    if value.text?.matches("*") == true, role == .admin || role == .service { return .every }
    let elements = elements(value)
    return elements.count == 1 ? elements[0].identifier.flatMap(SchoolID.init).map { .one($0) } : nil
  }
}
