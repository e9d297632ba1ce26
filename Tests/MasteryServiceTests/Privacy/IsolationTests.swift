import Foundation
import HTTPServer
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("Dead letters of two schools")
struct IsolationTests {
  private static let schools = ["north", "7"]
  /// Ids that appear nowhere else; one of them could be a number.
  private static let students = ["stu-alpha", "stu-beta", "900017"]

  /// The store's values as texts, with base64 in them decoded.
  private static func texts(_ stand: Stand) -> [String] {
    stand.sidecar.keys.flatMap { key in
      let text = String(decoding: stand.sidecar.stored(key)?.value ?? [], as: UTF8.self)
      let clear = text.split { !$0.isLetter && !$0.isNumber && !"+/=".contains($0) }.compactMap { word in
        word.count < 20 ? nil : Data(base64Encoded: String(word) + String(repeating: "=", count: (4 - word.count % 4) % 4))
      }
      return [text] + clear.map { String(decoding: $0, as: UTF8.self) }
    }
  }

  private static func kept(_ letters: [MalformedLetter], in stand: Stand) -> Set<String> {
    let all = texts(stand).joined(separator: "\n")
    // Text broken into lines is joined again.
    let whole =
      all + "\n"
      + texts(stand).map { $0.replacing(#"\n"#, with: "") }.flatMap { text in
        text.split { !$0.isLetter && !$0.isNumber && !"+/=".contains($0) }.compactMap { word in
          word.count < 20 ? nil : Data(base64Encoded: String(word) + String(repeating: "=", count: (4 - word.count % 4) % 4))
        }.map { String(decoding: $0, as: UTF8.self) }
      }.joined(separator: "\n")
    return Set(letters.map(\.word).filter { whole.contains($0) })
  }

  private static func token(_ stand: Stand, _ subject: String, _ role: String, _ school: String?) throws -> HTTPField {
    let ownClass = role == "teacher" ? students : []
    return Bearer.header(try Bearer.token(subject, role, students: ownClass, school: school, at: stand.clock.now.milliseconds))
  }

  /// The answers about a student on every path except the one that erases.
  private static func answers(_ stand: Stand, of student: String, _ role: String, _ school: String?) async throws -> [(
    String, HTTPResponse
  )] {
    let token = try token(stand, role == "student" ? student : "caller", role, school == "*" ? "*" : school)
    var answers: [(String, HTTPResponse)] = []
    for request in PermissionTests.requests where request.intent != "student_erasure" && request.intent != "student_consent_change" {
      let words = request.path.split(separator: " ")
      let method = words.count == 2 ? String(words[0]) : "POST"
      let body = method == "POST" ? request.payload(student) : ""
      let path = String(words[words.count - 1]).replacing("@", with: student)
      answers.append((path, await stand.ask(method, path, body, [token])))
      let process = #"{"intent":"\#(request.intent)","payload":\#(request.payload(student))}"#
      answers.append(("/process \(request.intent)", await stand.ask("POST", "/process", process, [token])))
    }
    return answers
  }

  /// Two schools with the same students, and 200 letters that were delivered and kept.
  private static func stand(_ seed: UInt64) async throws -> (stand: Stand, letters: [MalformedLetter]) {
    let random = SeededGenerator(seed: seed)
    let letters = (0..<200).map { MalformedLetter($0, schools: schools, students: students, random) }
    let stand = Stand.production(seed: seed) { $0.limitsRates = false }
    for school in schools {
      let good = students.map { Wrapped.exercise("good-\($0)-\(school)", of: $0, metadata: #"{"school_id":"\#(school)"}"#) }
      #expect(Set(await stand.deliver(good).values) == ["SUCCESS"])
    }
    #expect(Set(await stand.deliver(letters.map(\.event)).values) == ["SUCCESS"])
    let dead = stand.sidecar.published(to: Topic.deadLetters).map { String(decoding: $0, as: UTF8.self) }
    #expect(dead.count == letters.count)
    let bulk = Wrapped.bulk(dead.enumerated().map { ("\($0.offset)", $0.element) })
    #expect(Set(await stand.deliver(Array(bulk.utf8), to: Topic.deadLetters).values) == ["SUCCESS"])
    #expect(kept(letters, in: stand).count == letters.count)
    return (stand, letters)
  }

  @Test(
    "Dead letters are shown to their own student and to nobody of the other school, by any role and any path",
    arguments: 0..<3 as Range<UInt64>)
  func shown(seed: UInt64) async throws {
    let (stand, letters) = try await Self.stand(seed)
    for school in Self.schools + [nil] {
      for student in Self.students {
        for role in ["student", "teacher", "admin", "service"] {
          for (door, answer) in try await Self.answers(stand, of: student, role, school) {
            let shown = letters.filter { answer.text.contains($0.word) }
            // An admin is shown all letters of the own school whose owner is known; ids that are numbers may be read as such.
            let isOfSchool = role == "admin" && (door.hasPrefix("/dead-letters") || door.hasPrefix("/process dead_letter"))
            let known = { (letter: MalformedLetter) in letter.isOwned || [.numberedStudent, .numberedSchool].contains(letter.shape) }
            #expect(
              shown.allSatisfy { $0.school == school && ($0.student == student || isOfSchool && known($0)) },
              "\(role) of \(school ?? "-"): \(door)")
            guard door == "/student/\(student)/export", answer.status == 200 else { continue }
            let own = letters.filter { $0.isOwned && $0.school == school && $0.student == student }
            #expect(Set(own.map(\.word)).isSubset(of: shown.map(\.word)))
          }
        }
      }
    }
  }

  @Test(
    "Dead letters are erased with their own student, those without an owner with any student whom they name, and no others",
    arguments: 0..<4 as Range<UInt64>)
  func erased(seed: UInt64) async throws {
    let (stand, letters) = try await Self.stand(seed)
    var left = Set(letters.map(\.word))
    for school in Self.schools {
      for student in Self.students {
        let answer = await stand.ask("DELETE", "/student/\(student)", "", [try Self.token(stand, student, "student", school)])
        #expect(answer.status == 200)
        let deleted = try ReadJSON.data(answer.body)["deleted"] as? [String: Int]
        let meant = letters.filter { $0.namesStudent && $0.student == student && ($0.school == school || !$0.namesSchool) }
        // A letter without an owner is counted for nobody.
        let own = meant.filter { $0.school == school && $0.isOwned }.count
        let most = meant.count { $0.school == school && ($0.isOwned || $0.shape == .numberedStudent || $0.shape == .numberedSchool) }
        #expect((own...most).contains(deleted?["dead_letters"] ?? -1))
        left.subtract(meant.map(\.word))
        let kept = Self.kept(letters, in: stand)
        let wrong = letters.filter { kept.contains($0.word) != left.contains($0.word) }.map { "\($0.shape) \($0.school) \($0.student)" }
        #expect(wrong.isEmpty, "\(school) \(student): \(wrong)")
      }
    }
    #expect(await stand.service.audit.drain(within: 1_000) == 0)
    let texts = Self.texts(stand)
    for student in Self.students { #expect(!texts.contains { $0.contains(student) }, "\(student)") }
    #expect(left == Set(letters.filter { !$0.namesStudent }.map(\.word)))
  }

  @Test(
    "No dead letter arises for a student erased or without consent, however wrongly the event names student and school",
    arguments: [true, false])
  func forgotten(isErased: Bool) async throws {
    let stand = Stand.production { $0.limitsRates = false }
    let random = SeededGenerator(seed: 9)
    let letters = (0..<200).map { MalformedLetter($0, schools: Self.schools, students: Self.students, random) }
    for school in Self.schools {
      for student in Self.students {
        let token = try Self.token(stand, student, "student", school)
        let answer =
          isErased
          ? await stand.ask("DELETE", "/student/\(student)", "", [token])
          : await stand.ask("PUT", "/student/\(student)/consent", #"{"granted":false}"#, [token])
        #expect(answer.status == 200)
      }
    }
    #expect(Set(await stand.deliver(letters.map(\.event)).values) == ["SUCCESS"])
    let dead = stand.sidecar.published(to: Topic.deadLetters).map { String(decoding: $0, as: UTF8.self) }
    let expected = letters.filter { !$0.namesStudent }
    #expect(dead.count == expected.count)
    // The same for letters that were under way before.
    let raw = Wrapped.bulk(letters.enumerated().map { ("\($0.offset)", Wrapped.cloudEvent($0.element.event)) })
    #expect(Set(await stand.deliver(Array(raw.utf8), to: Topic.deadLetters).values) == ["SUCCESS"])
    #expect(Self.kept(letters, in: stand) == Set(expected.map(\.word)))
  }

  @Test("Operators see the dead letters without an owner, the latest first, and none of the schools")
  func operators() async throws {
    let (stand, letters) = try await Self.stand(5)
    let kept = KeptDeadLetters(sidecar: stand.sidecar, stand.service.configuration, runtime: stand.service.runtime)
    let found = try await kept.found(DeadLetterFilter(), of: .unowned)
    #expect(found.isComplete && zip(found.letters, found.letters.dropFirst()).allSatisfy { $0.failedAt >= $1.failedAt })
    var read: [String] = []
    try await kept.read(found.letters) { read.append(String(decoding: $1, as: UTF8.self)) }
    let failed = try read.map { try ReadJSON.object($0) }
    #expect(found.letters.count == read.count)
    #expect(failed.allSatisfy { $0["event_type"] as? String == "FailedEvent" && $0["student_id"] == nil })
    // Ids that are numbers may be read as such.
    let surely = letters.count { !$0.isOwned && $0.shape != .numberedStudent && $0.shape != .numberedSchool }
    #expect((surely...letters.count { !$0.isOwned }).contains(read.count))
    stand.clock.step(31 * 86_400_000)
    #expect(try await kept.found(DeadLetterFilter(), of: .unowned).letters.isEmpty)
  }

  @Test("A repeated idempotency key yields the same event id, although its receipt stores neither event nor student")
  func receipts() async throws {
    let stand = Stand.production()
    let token = try Self.token(stand, "caller", "service", "north")
    let body = #"{"event_type":"quiz","student_id":"stu-alpha","data":{"total_questions":2,"correct_answers":1}@}"#
    for (key, own) in [("k-1", ""), ("k-2", #","event_id":"stu-alpha-quiz-1""#)] {
      var ids: Set<String> = []
      for _ in 0..<2 {
        let answer = await stand.ask("POST", "/mastery/ingest", body.replacing("@", with: own), [token, HTTPField("Idempotency-Key", key)])
        ids.insert(try #require(try ReadJSON.data(answer.body)["event_id"] as? String))
        stand.clock.step(60_000)
      }
      let id = try #require(ids.first)
      #expect(ids.count == 1 && (own.isEmpty || id == "stu-alpha-quiz-1"))
      #expect(!Self.texts(stand).contains { $0.contains(id) || $0.contains("stu-alpha") })
    }
  }
}
