import HTTPServer
import MasteryCore
import Testing

@testable import MasteryService

@Suite("Claims as identity providers name them")
struct ClaimNameTests {
  /// Settings for a provider's tokens.
  private static func configuration(_ variables: [String: String]) throws -> Configuration {
    try Configuration(environment: variables.merging(["JWT_SECRET": Bearer.secret, "APP_API_TOKEN": "t"]) { $1 })
  }

  private static func verifier(_ configuration: Configuration) -> TokenVerifier {
    TokenVerifier(
      keys: KeyRing(secret: configuration.tokenSecret, jwks: nil), issuer: nil, audience: nil, claimNames: configuration.claimNames,
      remembered: VerifiedTokens())
  }

  /// What a service with these settings reads in a token with these claims, signed by its secret.
  private static func caller(_ variables: [String: String], _ claims: String) throws -> Result<Claims, TokenFault> {
    let configuration = try configuration(variables)
    let text = #"{"exp":\#(Stand.noon / 1_000 + 60),\#(claims)}"#
    let token = try #require(SigningKey(secret: Array(Bearer.secret.utf8))?.signed(Array(text.utf8)))
    let verifier = verifier(configuration)
    return Result { () throws(TokenFault) in
      try verifier.claims(of: token, now: Timestamp(milliseconds: Stand.noon))
    }
  }

  private static let keycloak = [
    "JWT_ROLE_CLAIM": "realm_access.roles", "JWT_SCHOOL_CLAIM": "school", "JWT_SUBJECT_CLAIM": "preferred_username",
    "JWT_ROLES": "pupil=student,staff=teacher,head=admin",
  ]
  private static let auth0 = [
    "JWT_ROLE_CLAIM": "https://school.example/roles", "JWT_STUDENTS_CLAIM": "https://school.example/app.students",
    "JWT_SCHOOL_CLAIM": "https://school.example/school",
  ]
  private static let lti = [
    "JWT_ROLE_CLAIM": "https://purl.imsglobal.org/spec/lti/claim/roles",
    "JWT_ROLES": "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner=student,"
      + "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor=teacher",
  ]

  @Test(
    "Tokens of providers are read by the paths and words of the settings",
    arguments: [
      (
        keycloak, #""sub":"f:1","preferred_username":"anna","realm_access":{"roles":["offline_access","pupil"]},"school":["north"]"#,
        "anna", Caller.Role.student, "north"
      ),
      (keycloak, #""preferred_username":"b","realm_access":{"roles":["pupil","head","staff"]},"school":"north""#, "b", .admin, "north"),
      (keycloak, #""preferred_username":"b","realm_access":{"roles":["staff","pupil"]},"school":null"#, "b", .teacher, nil),
      (keycloak, #""preferred_username":12,"realm_access":{"roles":"staff"}"#, "12", .teacher, nil),
      (
        auth0, #""sub":"auth0|5f7","https://school.example/roles":["student"],"https://school.example/school":12"#, "auth0|5f7", .student,
        "12"
      ),
      (
        lti,
        #""sub":"7","https://purl.imsglobal.org/spec/lti/claim/roles":["http://purl.imsglobal.org/vocab/lis/v2/system/person#User","#
          + #""http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"]"#, "7", .teacher, nil
      ),
      ([:], #""sub":"1234","role":"student""#, "1234", .student, nil), ([:], #""sub":"a","role":["x",1,"service"]"#, "a", .service, nil),
      (["JWT_ROLE_CLAIM": "a.b.c"], #""sub":"a","a":{"b.c":"admin"}"#, "a", .admin, nil),
      (["JWT_ROLE_CLAIM": "a.b.c"], #""sub":"a","a.b":{"c":"admin"}"#, "a", .admin, nil),
      (["JWT_ROLE_CLAIM": "a.b.c"], #""sub":"a","a":{"b":{"c":"admin"}}"#, "a", .admin, nil),
      (["JWT_ROLE_CLAIM": "a.b.c"], #""sub":"a","a":{"b":{"c":"admin"}},"a.b.c":"student""#, "a", .student, nil),
      (["JWT_ROLE_CLAIM": "a.b.c"], #""sub":"a","a.b":{"d":1},"a":{"b":{"c":"teacher"}}"#, "a", .teacher, nil),
    ] as [([String: String], String, String, Caller.Role, String?)])
  func read(_ variables: [String: String], _ claims: String, _ subject: String, _ role: Caller.Role, _ school: String?) throws {
    let read = try Self.caller(variables, claims).get()
    #expect(read.subject == subject && read.role == role)
    #expect(read.schools == (school.flatMap(SchoolID.init).map { .one($0) } ?? .none))
  }

  @Test("The students of a teacher are those of the list that can be students, strings or numbers")
  func students() throws {
    let list = #"["s-1",2,"a b",null,{"id":"x"},"auth0|7"]"#
    let role = #""https://school.example/roles":"teacher""#
    let read = try Self.caller(Self.auth0, #""sub":"t",\#(role),"https://school.example/app.students":\#(list)"#)
    #expect(try read.get().students.map(\.text).sorted() == ["2", "auth0|7", "s-1"])
  }

  @Test(
    "A token whose claims are missing or wrong is refused by the name of the setting's claim",
    arguments: [
      (keycloak, #""preferred_username":"a""#, TokenFault.missing("realm_access.roles")),
      (keycloak, #""preferred_username":"a","realm_access":{"roles":null}"#, .missing("realm_access.roles")),
      (keycloak, #""preferred_username":"a","realm_access":["roles"]"#, .missing("realm_access.roles")),
      (keycloak, #""sub":"a","realm_access":{"roles":["pupil"]}"#, .missing("preferred_username")),
      // A word of the engine that the settings do not map stands for nothing.
      (keycloak, #""preferred_username":"a","realm_access":{"roles":["admin","service"]}"#, .wrong("realm_access.roles")),
      (keycloak, #""preferred_username":"a","realm_access":{"roles":[]}"#, .wrong("realm_access.roles")),
      (keycloak, #""preferred_username":"a","realm_access":{"roles":["pupil"],"roles":["head"]}"#, .malformed),
      (keycloak, #""preferred_username":"a","realm_access":{"roles":["pupil"]},"school":["a","b"]"#, .wrong("school")),
      (keycloak, #""preferred_username":"a","realm_access":{"roles":["pupil"]},"school":[]"#, .wrong("school")),
      (keycloak, #""preferred_username":"a","realm_access":{"roles":["pupil"]},"school":"*""#, .wrong("school")),
      (keycloak, #""preferred_username":"a","realm_access":{"roles":["head"]},"school":["*"]"#, .wrong("school")),
      (keycloak, #""preferred_username":["a"],"realm_access":{"roles":["pupil"]}"#, .wrong("preferred_username")),
      ([:], #""sub":7,"role":"student""#, .wrong("sub")), ([:], #""sub":"a","role":"Student""#, .wrong("role")),
      ([:], #""sub":"a","role":{"admin":true}"#, .wrong("role")),
      ([:], #""sub":"a","role":"teacher","students":"s-1""#, .wrong("students")),
    ] as [([String: String], String, TokenFault)])
  func refused(_ variables: [String: String], _ claims: String, _ fault: TokenFault) throws {
    #expect(throws: fault) { try Self.caller(variables, claims).get() }
  }

  @Test("A token made for a service is read by it, whatever its settings call the claims", arguments: [[:], keycloak, auth0])
  func made(_ variables: [String: String]) throws {
    let configuration = try Self.configuration(variables)
    let now = Timestamp(milliseconds: Stand.noon)
    let verifier = Self.verifier(configuration)
    for role in ["student", "teacher", "admin"] {
      var order = TokenMint.Order(subject: "anna", role: role)
      order.school = "north"
      if role == "teacher" { order.students = [try #require(StudentID("s-1"))] }
      let token = try #require(TokenMint(configuration)?.token(order, now: now))
      let claims = try verifier.claims(of: token, now: now)
      #expect(claims.subject == "anna" && claims.role.rawValue == role && claims.students == Set(order.students))
      #expect(claims.schools == .one(try #require(SchoolID("north"))))
    }
    let hasService = TokenMint(configuration)?.token(TokenMint.Order(subject: "x", role: "service"), now: now) != nil
    #expect(hasService == (variables["JWT_ROLES"] == nil))
  }

  @Test("A student with an e-mail address as identity sees the own data, and nobody else's")
  func ownData() async throws {
    let stand = Stand.production { configuration in
      configuration.claimNames.subject = "email"
      configuration.claimNames.role = "realm_access.roles"
    }
    let event = Wrapped.exercise("e-1", of: "anna@school.example", at: "2026-03-10T08:00:00Z", metadata: "{}")
    #expect(await stand.deliver([event]) == ["0": "SUCCESS"])
    let claims = #"{"exp":\#(Stand.noon / 1_000 + 60),"sub":"s-1","email":"anna@school.example","realm_access":{"roles":["student"]}}"#
    let token = try #require(SigningKey(secret: Array(Bearer.secret.utf8))?.signed(Array(claims.utf8)))
    for (student, status) in [("anna@school.example", 200), ("s-1", 403)] {
      #expect(await stand.ask("POST", "/mastery/query", #"{"student_id":"\#(student)"}"#, [Bearer.header(token)]).status == status)
    }
  }
}
