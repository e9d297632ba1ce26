import HTTPServer
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("Ids of identity providers and platforms")
struct ForeignIDTests {
  /// Students who could be taken for each other if their ids stood in keys as they are, were decoded twice, or were cut.
  private static let students: [(school: String?, student: String)] = [
    (nil, "a|b"), (nil, "a:b"), (nil, "a=b"), (nil, "a"), ("a:student:b", "c"), ("a", "b:student:c"), ("a|b", "c"), ("a", "b|c"),
    (nil, "anna@school.example"), ("school", "auth0|anna"), (nil, "school:a:student:c"), ("a", "profile:current_mastery"),
  ]

  private static func event(_ index: Int, cohort: String = "course-v1:edX+Demo") -> String {
    let (school, student) = students[index]
    let names = [school.map { #""school_id":"\#($0)","# } ?? "", #""cohort_id":"\#(cohort)""#].joined()
    return #"{"event_id":"e-\#(index)","event_type":"quiz","timestamp":"2026-03-10T08:00:00Z","student_id":"\#(student)","#
      + #""data":{"total_questions":100,"correct_answers":\#(index)},"metadata":{\#(names)}}"#
  }

  private static func token(_ index: Int, _ role: String = "student") throws -> HTTPField {
    Bearer.header(try Bearer.token(students[index].student, role, school: students[index].school))
  }

  /// A path with an id as clients write it.
  private static func path(_ index: Int, _ rest: String = "") -> String {
    let id = students[index].student
    return "/student/" + id.replacing("|", with: "%7C").replacing(":", with: "%3A") + rest
  }

  private func stand() async -> Stand {
    let stand = Stand.production { $0.limitsRates = false }
    #expect(await stand.deliver(Self.students.indices.map { Self.event($0) }).values.allSatisfy { $0 == "SUCCESS" })
    #expect(await stand.redeliver(Topic.standings) == ["SUCCESS"])
    return stand
  }

  private func quiz(_ stand: Stand, _ index: Int) async throws -> Double? {
    let body = #"{"student_id":"\#(Self.students[index].student)","include_components":true}"#
    let answer = await stand.ask("POST", "/mastery/query", body, [try Self.token(index)])
    guard answer.status == 200 else { return nil }
    let current = try ReadJSON.data(answer.body)["current_mastery"] as? [String: Any]
    return (current?["components"] as? [String: Double])?["quiz"]
  }

  @Test("Students whose ids differ in a mark alone are never taken for each other")
  func distinct() async throws {
    let stand = await stand()
    let documents = stand.sidecar.keys.filter { $0.hasSuffix(":profile:current_mastery") }
    #expect(documents.count == Self.students.count)
    for index in Self.students.indices { #expect(try await quiz(stand, index) == Double(index) / 100) }
    let announced = try stand.sidecar.published(to: Topic.results).map { try ReadJSON.object($0)["id"] as? String }
    #expect(Set(announced).count == Self.students.count)
  }

  @Test("Export, audit and consent of a student with marks in the id are found at the percent-encoded path", arguments: students.indices)
  func ownData(_ index: Int) async throws {
    let stand = await stand()
    let token = try Self.token(index)
    _ = try await quiz(stand, index)
    #expect(await stand.service.audit.drain(within: 1_000) == 0)
    let export = await stand.ask("GET", Self.path(index, "/export"), "", [token])
    #expect(export.status == 200 && export.text.contains(#""e-\#(index)""#))
    for other in Self.students.indices where other != index { #expect(!export.text.contains(#""e-\#(other)""#)) }
    let audit = await stand.ask("GET", Self.path(index, "/audit"), "", [token])
    #expect(audit.status == 200 && audit.text.contains("mastery_query"))
    #expect(await stand.ask("PUT", Self.path(index, "/consent"), #"{"granted":true}"#, [token]).status == 200)
    // Nobody else's path leads there.
    for other in Self.students.indices where Self.students[other].student != Self.students[index].student {
      #expect(await stand.ask("GET", Self.path(other, "/export"), "", [token]).status == 403)
    }
  }

  @Test("An erasure takes the one student and nothing of the others", arguments: students.indices)
  func erasure(_ index: Int) async throws {
    let stand = await stand()
    let answer = await stand.ask("DELETE", Self.path(index), "", [try Self.token(index)])
    #expect(answer.status == 200, "\(answer.text)")
    for other in Self.students.indices { #expect(try await quiz(stand, other) == (other == index ? nil : Double(other) / 100)) }
    let left = stand.sidecar.keys.filter {
      String(decoding: stand.sidecar.stored($0)?.value ?? [], as: UTF8.self).contains(#""e-\#(index)""#)
    }
    #expect(left.isEmpty)
  }

  @Test("A standing is found under the student's own id, in the school's cohort alone")
  func standings() async throws {
    let stand = await stand()
    for school in Set(Self.students.map(\.school)) {
      let admin = Bearer.header(try Bearer.token("head", "admin", school: school))
      let summary = await stand.ask("GET", "/cohorts/course-v1:edX+Demo/summary", "", [admin])
      let members = Self.students.filter { $0.school == school }.map(\.student)
      let data = try ReadJSON.data(summary.body)
      #expect(data["students"] as? Int == members.count)
      #expect(Set(data["at_risk"] as? [String] ?? []) == Set(members))
      #expect(
        try ReadJSON.data(await stand.ask("GET", "/cohorts/course-v1%3AedX%2BDemo/summary", "", [admin]).body)["students"] as? Int
          == members.count)
    }
  }

  @Test("A malformed letter is its student's, however the id is written in it, and goes with the student")
  func letters() async throws {
    for text in [
      "student_id=a%7Cb&event_type=quiz", #"{"student_id":"a|b" "quiz"}"#, #"{"student_id":"a%7Cb","event_type":"quiz"}"#,
      "student: a|b; quiz",
    ] {
      let stand = await stand()
      #expect(await stand.deliver([Wrapped.quoted(text)]).values.allSatisfy { $0 == "SUCCESS" })
      #expect(stand.sidecar.published(to: Topic.deadLetters).count == 1)
      #expect(await stand.redeliver(Topic.deadLetters) == ["SUCCESS"])
      func kept() -> Int {
        stand.sidecar.keys.filter { $0.hasPrefix("dlq:") }.count {
          String(decoding: stand.sidecar.stored($0)?.value ?? [], as: UTF8.self).contains("quiz")
        }
      }
      #expect(kept() == 1, "\(text)")
      #expect(await stand.ask("DELETE", "/student/a%3Ab", "", [try Self.token(1)]).status == 200)
      #expect(kept() == 1, "\(text)")
      #expect(await stand.ask("DELETE", "/student/a%7Cb", "", [try Self.token(0)]).status == 200)
      #expect(kept() == 0, "\(text)")
    }
  }

  @Test("A malformed letter names the student whose id looks like a field, or is escaped, and nobody else")
  func lookalikes() throws {
    let key = StudentKey(school: nil, student: try #require(StudentID("urn:school:north:student:17")))
    let id = key.student.text
    for text in [
      #"{"student_id":"\#(id)","event_type":7}"#, #"{"students":[{"id":"\#(id)"},"\#(id)"],"x":1}"#, #"!"student_id":"\#(id)","quiz""#,
      "student=\(id)&quiz", #"!\"student_id\":\"\#(id)\","#, "! students: ['\(id)', '\(id)']",
    ] {
      let named = NamedStudents(in: Array(text.utf8))
      #expect(named.students == [key.student] && named.schools.isEmpty, "\(text)")
      #expect(named.mayMean(key))
    }
    for text in [#"! "student_id":"anna\u002Bx@school.example" "#, #"! "student_id" : "anna\u002bx\u0040school.example\n","school"#] {
      #expect(NamedStudents(in: Array(text.utf8)).students.map(\.text) == ["anna+x@school.example"], "\(text)")
    }
    let both = NamedStudents(in: Array(#"! "student":"a:b","school":"s:t" "#.utf8))
    #expect(both.students.map(\.text) == ["a:b"] && both.schools.map(\.text) == ["s:t"])
  }

  @Test("In a key all but letters, digits, underscore and hyphen is percent-encoded with capital letters (RFC 3986)")
  func keys() throws {
    let key = try StudentKey(school: SchoolID("a:b"), student: #require(StudentID("Z_9-.@:+=~|")))
    #expect(key.documentKey == "school:a%3Ab:student:Z_9-%2E%40%3A%2B%3D%7E%7C:profile:current_mastery")
  }
}
