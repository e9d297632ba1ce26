import DaprClient
import HTTPServer
import Simulation
import Testing

@testable import MasteryService

/// Who may do what with whose data, by the Contract article, "Who may do what".
///
/// The expectations follow its words, not the code; that the code's audiences are the contract's is for `IntentDocumentTests`.
@Suite("Permissions", .serialized)
struct PermissionTests {
  /// The relation of a student to a caller.
  enum Relation: String, CaseIterable {
    /// The student has the caller's own id.
    case own
    /// The student is in the class that the caller's token names; for callers without a class, in their course.
    case ownClass
    /// The student is in another class of the same school.
    case otherClass
    /// The student is known only in another school.
    case otherSchool
    /// The student is known only among data without a school, or in a school if the caller has none.
    case noSchool

    var student: String { "s-\(rawValue)" }
  }

  /// The school of a caller, and of the students who belong to it.
  enum Home: String, CaseIterable {
    case north, none, every
  }

  /// What an intent does with a student, which decides who may use it.
  enum Kind {
    case reads, oversees, calculates, writes, inspects, decides, surveys, lists, administers, looksUp
  }

  /// The outcomes by kind and role, in the order of `Relation`: allowed, forbidden, not found.
  ///
  /// Students reach themselves, teachers their class, and admins and services everybody of the school; students unknown there do not exist.
  /// A calculation on given values reads nothing, so nothing can be missing; students write nothing; what others write about a student who
  /// is known only elsewhere is about a new one of their own school.
  static let expected: [Kind: [String: String]] = [
    .reads: ["student": "yffff", "teacher": "fyfff", "admin": "yyynn", "service": "yyynn"],
    .oversees: ["student": "fffff", "teacher": "fyfff", "admin": "yyynn", "service": "yyynn"],
    .calculates: ["student": "yffff", "teacher": "fyfff", "admin": "yyyyy", "service": "yyyyy"],
    // The student's own affairs, and an admin's.
    .inspects: ["student": "yffff", "teacher": "fffff", "admin": "yyynn", "service": "fffff"],
    .decides: ["student": "yffff", "teacher": "fffff", "admin": "yyyyy", "service": "fffff"],
    // A missing student is a failure among the results.
    .lists: ["student": "fffff", "teacher": "fyfff", "admin": "yyyyy", "service": "yyyyy"],
    // For a cohort without students, and a batch that nobody requested.
    .surveys: ["student": "fffff", "teacher": "nnnnn", "admin": "nnnnn", "service": "nnnnn"],
    // For a school without dead letters.
    .administers: ["student": "fffff", "teacher": "fffff", "admin": "yyyyy", "service": "fffff"],
    .looksUp: ["student": "fffff", "teacher": "fffff", "admin": "nnnnn", "service": "fffff"],
    .writes: ["student": "fffff", "teacher": "fyfff", "admin": "yyyyy", "service": "yyyyy"],
  ]

  struct Case: Sendable, CustomTestStringConvertible {
    let index: Int
    let role: String
    let home: Home
    let relation: Relation
    let isProcess: Bool

    var testDescription: String {
      "\(role) of \(home.rawValue), \(requests[index].intent), \(relation.rawValue)\(isProcess ? ", /process" : "")"
    }

    static let all: [Case] = requests.indices.flatMap { index in
      ["student", "teacher", "admin", "service"].flatMap { role in
        Home.allCases.filter { $0 != .every || role == "admin" || role == "service" }.flatMap { home in
          Relation.allCases.flatMap { relation in
            [false, true].map { Case(index: index, role: role, home: home, relation: relation, isProcess: $0) }
          }
        }
      }
    }
  }

  /// A school with the students of all relations, each known in one place only.
  private func stand(_ home: Home) async throws -> Stand {
    let stand = Stand.production()
    let events = Relation.allCases.map { relation in
      let school: String? =
        switch (relation, home) {
        case (.own, .none), (.ownClass, .none), (.otherClass, .none): nil
        case (.own, _), (.ownClass, _), (.otherClass, _): "north"
        case (.otherSchool, _): "south"
        case (.noSchool, .none): "north"
        case (.noSchool, _): nil
        }
      return Wrapped.exercise("e-\(relation)", of: relation.student, metadata: school.map { #"{"school_id":"\#($0)"}"# })
    }
    let statuses = await stand.deliver(events)
    #expect(Set(statuses.values) == ["SUCCESS"])
    return stand
  }

  private func token(_ role: String, _ home: Home, students: [String] = [Relation.ownClass.student]) throws -> String {
    let school = home == .none ? nil : home == .every ? "*" : "north"
    return try Bearer.token("s-own", role, students: role == "teacher" ? students : [], school: school)
  }

  private func ask(
    _ stand: Stand, _ index: Int, _ student: String, _ token: String, school: String?, isProcess: Bool
  ) async -> HTTPResponse {
    let request = Self.requests[index]
    let fields = school.map { [HTTPField("X-School-ID", $0)] } ?? []
    guard isProcess else {
      let words = request.path.split(separator: " ")
      let path = String(words[words.count - 1]).replacing("@", with: student)
      let method = words.count == 2 ? String(words[0]) : "POST"
      // A value in the path is not in the body, and only some methods have a body.
      let payload =
        words.count == 2
        ? request.payload(student).replacing(#""student_id":"\#(student)""#, with: "").replacing("{,", with: "{") : request.payload(student)
      let body = ["GET", "DELETE"].contains(method) ? "" : payload
      return await stand.ask(method, path, body, fields + [Bearer.header(token)])
    }
    let context = #"{"token":"\#(token)"}"#
    let body = #"{"intent":"\#(request.intent)","payload":\#(request.payload(student)),"security_context":\#(context)}"#
    return await stand.ask("POST", "/process", body, fields)
  }

  private func check(_ response: HTTPResponse, _ outcome: Character) {
    switch outcome {
    case "y": #expect(response.status == 200 || response.status == 202, "\(response.text)")
    case "f": #expect(response.status == 403 && response.text.contains(#""code":"FORBIDDEN""#), "\(response.text)")
    default: #expect(response.status == 404 && response.text.contains(#""code":"NOT_FOUND""#), "\(response.text)")
    }
  }

  @Test("Role, intent and relation decide what a caller may do", arguments: Case.all)
  func table(_ each: Case) async throws {
    let stand = try await stand(each.home)
    let calls = stand.sidecar.calls.count
    let token = try token(each.role, each.home)
    let school = each.home == .every ? "north" : nil
    let response = await ask(stand, each.index, each.relation.student, token, school: school, isProcess: each.isProcess)
    let outcomes = try #require(Self.expected[Self.requests[each.index].kind]?[each.role])
    let index = try #require(Relation.allCases.firstIndex(of: each.relation))
    let outcome = Array(outcomes)[index]
    check(response, outcome)
    // A forbidden caller cannot learn anything from a read that happened.
    if outcome == "f" { #expect(stand.sidecar.calls.count == calls) }
    let line = try #require(stand.lines.all.last)
    let isAbout = ![.surveys, .lists, .administers, .looksUp].contains(Self.requests[each.index].kind)
    #expect(line.contains(#""student_id":"\#(each.relation.student)""#) == isAbout && line.contains(#""status_code":\#(response.status)"#))
  }

  @Test("The permission table covers every intent, in more than 300 cases")
  func complete() {
    #expect(Set(Self.requests.map(\.intent)) == Set(IntentTable.standard.names))
    let personal = Set(Self.requests.filter { $0.kind == .inspects || $0.kind == .decides }.map(\.intent))
    #expect(personal == ["student_audit", "student_consent", "student_consent_change", "student_erasure", "student_export"])
    #expect(Case.all.count >= 300)
  }

  @Test("Every role may calculate without naming a student", arguments: ["student", "teacher", "admin", "service"])
  func nobody(_ role: String) async throws {
    let stand = Stand.production()
    let fields = [Bearer.header(try token(role, .north))]
    #expect(await stand.ask("POST", "/mastery/calculate", #"{"components":{"quiz":1}}"#, fields).status == 200)
  }

  @Test("A caller cannot reach a school that the token is not for, with any request", arguments: Case.all.filter { $0.home != .every })
  func foreignSchool(_ each: Case) async throws {
    let stand = Stand.production()
    let response = await ask(
      stand, each.index, each.relation.student, try token(each.role, each.home), school: "south", isProcess: each.isProcess)
    check(response, "n")
    #expect(stand.sidecar.calls.isEmpty)
  }

  @Test("A caller who names a school in every request has the permissions of that school", arguments: ["admin", "service"])
  func everySchool(_ role: String) async throws {
    let stand = try await stand(.every)
    let token = try token(role, .every)
    for (relation, school, status) in [
      (Relation.own, "north", 200), (.otherSchool, "south", 200), (.own, "south", 404), (.otherSchool, "north", 404),
      (.noSchool, "north", 404), (.own, "nowhere", 404),
    ] {
      #expect(await ask(stand, Self.query, relation.student, token, school: school, isProcess: false).status == status)
    }
    let unnamed = await ask(stand, Self.query, Relation.own.student, token, school: nil, isProcess: false)
    #expect(unnamed.status == 400 && unnamed.text.contains("X-School-ID"))
  }

  @Test("Callers may name their own school, with the same result")
  func ownSchoolNamed() async throws {
    let stand = try await stand(.north)
    #expect(await ask(stand, Self.query, "s-own", try token("student", .north), school: "north", isProcess: false).status == 200)
    #expect(await ask(stand, Self.query, "s-own", try token("student", .north), school: "North", isProcess: false).status == 404)
    #expect(await ask(stand, Self.query, "s-own", try token("student", .north), school: "no rth", isProcess: false).status == 400)
  }

  @Test("A student of another school does not exist for a teacher, even if the token names the student")
  func namedElsewhere() async throws {
    let stand = try await stand(.north)
    let token = try token("teacher", .north, students: [Relation.otherSchool.student, Relation.noSchool.student, "s-nobody"])
    for student in [Relation.otherSchool.student, Relation.noSchool.student, "s-nobody"] {
      let response = await ask(stand, Self.query, student, token, school: nil, isProcess: false)
      check(response, "n")
      #expect(response.text.contains("there is no student \(student)"))
    }
  }

  @Test("A forbidden request gets the same answer for students who exist and students who do not")
  func equalAnswers() async throws {
    let stand = try await stand(.north)
    let token = try token("teacher", .north)
    let texts = await [Relation.otherClass.student, Relation.otherSchool.student, "s-nobody"].asyncMap {
      await ask(stand, Self.query, $0, token, school: nil, isProcess: false).text
    }
    #expect(Set(texts).count == 1)
  }

  @Test("A caller has no access to an id that only looks like the caller's own")
  func lookalikes() async throws {
    let stand = Stand.production()
    // The Kelvin sign is canonically equivalent to the letter K, and Swift's strings compare that way.
    let token = try Bearer.token("s-\u{212A}", "student")
    #expect("s-\u{212A}" == "s-K")
    let fields = [Bearer.header(token)]
    #expect(await stand.ask("POST", "/mastery/query", #"{"student_id":"s-K"}"#, fields).status == 403)
    #expect(
      await stand.ask("POST", "/mastery/query", #"{"student_id":"s-k"}"#, [Bearer.header(try Bearer.token("s-K", "student"))]).status == 403
    )
  }

  @Test("An ingested event goes into the caller's school, and into no other")
  func ingest() async throws {
    let quiz = #""event_type":"quiz","student_id":"s-own","data":{"total_questions":2,"correct_answers":1}"#
    for (home, school, named, status) in [
      (Home.north, nil, nil, 202), (.north, nil, "north", 202), (.north, nil, "south", 400), (.none, nil, nil, 202),
      (.none, nil, "north", 400),
      (.every, "south", nil, 202), (.every, "south", "south", 202), (.every, "south", "north", 400),
    ] as [(Home, String?, String?, Int)] {
      let stand = Stand.production()
      let metadata = named.map { #","metadata":{"school_id":"\#($0)"}"# } ?? ""
      let fields = [Bearer.header(try token("admin", home))] + (school.map { [HTTPField("X-School-ID", $0)] } ?? [])
      let response = await stand.ask("POST", "/mastery/ingest", "{\(quiz)\(metadata)}", fields)
      #expect(response.status == status, "\(home) \(named ?? "-")")
      guard status == 202 else {
        #expect(stand.sidecar.published.isEmpty)
        continue
      }
      let event = try ReadJSON.object(try #require(stand.sidecar.published.first?.event.body))
      #expect((event["metadata"] as? [String: Any])?["school_id"] as? String == (home == .north ? "north" : school))
    }
  }

  @Test("An idempotency key is separate for each subject, role and school")
  func receipts() async throws {
    let stand = Stand.production()
    let body = #"{"event_type":"quiz","student_id":"s-1","data":{"total_questions":2,"correct_answers":1}}"#
    var ids: Set<String> = []
    for (subject, role, school) in [("a", "admin", nil), ("b", "admin", nil), ("a", "service", nil), ("a", "admin", "north")]
      as [(String, String, String?)]
    {
      for _ in 0..<2 {
        let fields = [Bearer.header(try Bearer.token(subject, role, school: school)), HTTPField("Idempotency-Key", "k")]
        let response = await stand.ask("POST", "/mastery/ingest", body, fields)
        ids.insert(try #require(try ReadJSON.data(response.body)["event_id"] as? String))
      }
    }
    #expect(ids.count == 4)
  }
}

extension Sequence {
  /// The elements changed one after the other.
  fileprivate func asyncMap<Changed>(_ change: (Element) async -> Changed) async -> [Changed] {
    var changed: [Changed] = []
    for element in self { changed.append(await change(element)) }
    return changed
  }
}
