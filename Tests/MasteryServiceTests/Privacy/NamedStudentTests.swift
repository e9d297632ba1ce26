import DaprClient
import Foundation
import HTTPServer
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("The students that a malformed text names")
struct NamedStudentTests {
  /// Fields and lists of students and schools as the text is read, however often the same list is read.
  private struct Reading {
    var students: Set<StudentID> = []
    var schools: Set<SchoolID> = []

    init(_ text: [UInt8]) {
      var position = 0
      while position < text.count {
        let name = text[position...].prefix { Self.isName($0) }
        guard !name.isEmpty else {
          position += 1
          continue
        }
        position = name.endIndex
        let field = String(decoding: name, as: UTF8.self)
        guard ["student", "school"].contains(field),
          let mark = text[position...].firstIndex(where: { !Self.isSpace($0) && !Self.isQuote($0) }), ":=>".utf8.contains(text[mark])
        else { continue }
        let (ids, end) = Self.ids(text, mark + 1)
        for id in ids {
          if field == "school", let school = SchoolID(id) { schools.insert(school) }
          if field == "student", let student = StudentID(id) { students.insert(student) }
        }
        if ids.allSatisfy({ StudentID($0) != nil }) { position = max(position, end) }
      }
    }

    private static func ids(_ text: [UInt8], _ start: Int) -> (ids: [String], end: Int) {
      guard var begin = text[start...].firstIndex(where: { !isSpace($0) }) else { return ([], start) }
      let isList = text[begin] == UInt8(ascii: "[")
      if isList { begin += 1 }
      var ids: [String] = []
      var end = start
      while let first = text[begin...].firstIndex(where: { !isSpace($0) }) {
        let isQuoted = isQuote(text[first])
        var value = text[(isQuoted ? first + 1 : first)...].prefix { byte in
          isQuoted ? !isQuote(byte) : !isSpace(byte) && !isQuote(byte) && !",;&<>{}[]()".utf8.contains(byte)
        }
        // The backslashes before a quote are the quote's.
        if isQuoted, value.endIndex < text.count { while value.last == UInt8(ascii: "\\") { value.removeLast() } }
        let string = String(decoding: value, as: UTF8.self)
        let plain = (try? JSONSerialization.jsonObject(with: Data("[\"\(string)\"]".utf8)) as? [String])?.first
        ids.append((plain ?? string).trimmingCharacters(in: .whitespacesAndNewlines))
        end = value.endIndex
        guard isList, let next = text[value.endIndex...].firstIndex(where: { !isSpace($0) && !isQuote($0) }),
          text[next] == UInt8(ascii: ",")
        else { break }
        begin = next + 1
      }
      return (ids, end)
    }

    private static func isName(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) }
    private static func isSpace(_ byte: UInt8) -> Bool { byte <= 0x20 || byte == UInt8(ascii: "\\") }
    private static func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }
  }

  private static let words = [
    "student", "school", "student", ":", ":", "=", "[", "[", "]", ",", ",", ",", "\"", "\"", "'", "\\", " ", "x", "s1", "n2", "{", ";",
    "\n",
  ]

  @Test("A torn text names the same students and schools as a plain reading of its fields", arguments: 0..<400 as Range<UInt64>)
  func sameAsPlainReading(_ seed: UInt64) {
    let random = SeededGenerator(seed: seed)
    for _ in 0..<40 {
      // The first letter makes it neither JSON nor base64.
      let text = "!" + (0..<random.draw(1..<60)).map { _ in Self.words[random.draw(0..<Self.words.count)] }.joined()
      let (named, read) = (NamedStudents(in: Array(text.utf8)), Reading(Array(text.utf8)))
      #expect(named.students == read.students && named.schools == read.schools, "\(text)")
    }
  }

  @Test(
    "A text full of fields is searched in time that grows with its size, not with its square",
    arguments: ["student:", #"student:["student:[x","#, #"student:['student:"[x","#, "student:[school:["])
  func linear(_ field: String) throws {
    func seconds(_ bytes: Int) -> Double {
      let text = Array(String(repeating: field, count: bytes / field.utf8.count).utf8)
      let times = (0..<9).map { _ in
        let began = ContinuousClock.now
        let named = NamedStudents(in: text)
        // A value that begins within the last 128 bytes is short enough for an id.
        #expect(named.students.count <= 16)
        return (ContinuousClock.now - began) / .seconds(1)
      }
      // The shortest is the one that other work on this machine disturbed least.
      return times.min() ?? 0
    }
    _ = seconds(1_000)
    // Eight times the size takes eight times the time; in a search of squared time it would be sixty-four times.
    #expect(seconds(64_000) < 24 * seconds(8_000))
  }

  @Test(
    "A student is found in whatever object of an Avro union the field holds, in JSON and in torn text",
    arguments: [
      #"{"student_id":{"string":"anna"}}"#, #"{"student_ids":{"array":["anna","ben"]}}"#, #"{"student_ids":{"array":[{"string":"anna"}]}}"#,
      #"{"student":{"lms.Student":{"id":{"string":"anna"}}}}"#, #"{"student":{"lms.Student":{"name":"Jo","id":"anna"}}}"#,
      #"{"students":{"map":{"a":"ben","b":"anna"}}}"#, #"{"student_id":{"org.x.Id":"anna"}}"#,
    ])
  func unions(_ text: String) throws {
    let anna = try #require(StudentID("anna"))
    let named = NamedStudents(in: Array(text.utf8))
    #expect(named.students.contains(anna) && named.students.isDisjoint(with: ["Jo", "string", "array", "map"].compactMap(StudentID.init)))
    // A record's own members cannot be told apart from others where the text is torn.
    guard !text.contains("lms.Student"), !text.contains("map") else { return }
    #expect(NamedStudents(in: Array(text.dropLast().utf8)).students.contains(anna), "torn")
  }

  @Test("An object that is no union names nobody by its words")
  func noUnions() {
    for text in [#"{"student":{"name":"anna"}}"#, #"{"student":{"first":{"x":"anna"}}}"#, #"{"student":{"name":"anna""#] {
      #expect(NamedStudents(in: Array(text.utf8)).students.isEmpty, "\(text)")
    }
  }

  @Test("A malformed event vanishes if any of the many students that it names has withdrawn consent", arguments: [nil, "north"])
  func many(_ school: String?) async throws {
    let stand = Stand.production()
    let admin = Bearer.header(try Bearer.token("a", "admin", school: school))
    let schoolMember = school.map { #","school_id":"\#($0)""# } ?? ""
    func event(_ id: String) -> String {
      let list = ((0..<700).map { "a-\($0)" } + ["z-1"]).map { #""\#($0)""# }.joined(separator: ",")
      return #"{"event_id":"\#(id)","event_type":"quiz.completed","students":[\#(list)]\#(schoolMember)}"#
    }
    #expect(await stand.deliver([event("e-1")]) == ["0": "SUCCESS"])
    #expect(stand.sidecar.published(to: Topic.deadLetters).count == 1)
    #expect(await stand.ask("PUT", "/student/z-1/consent", #"{"granted":false}"#, [admin]).status == 200)
    #expect(await stand.deliver([event("e-2")]) == ["0": "SUCCESS"])
    #expect(stand.sidecar.published(to: Topic.deadLetters).count == 1)
  }

  @Test("A malformed event about one school does not vanish because a student of another school withdrew consent")
  func otherSchool() async throws {
    let stand = Stand.production()
    let admin = Bearer.header(try Bearer.token("a", "admin", school: "south"))
    #expect(await stand.ask("PUT", "/student/a-1/consent", #"{"granted":false}"#, [admin]).status == 200)
    let list = (0..<100).map { #""a-\#($0)""# }.joined(separator: ",")
    let event = #"{"event_id":"e-1","event_type":"quiz.completed","students":[\#(list)],"school_id":"north"}"#
    #expect(await stand.deliver([event]) == ["0": "SUCCESS"])
    #expect(stand.sidecar.published(to: Topic.deadLetters).count == 1)
  }

  /// As many ids as a text can name: the shortest ones, with a comma behind each.
  private static func crowd(bytes: Int) -> String {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-".map { "\($0)" }
    let pairs = letters.flatMap { first in letters.map { first + $0 } }
    var list = "students=["
    let triples = pairs.flatMap { pair in letters.map { pair + $0 } }
    for id in letters + pairs + triples where list.utf8.count < bytes { list += id + "," }
    return list
  }

  @Test("A malformed event that names more students than can be looked up is forgotten and counted, whether the store answers or not")
  func tooMany() async throws {
    #expect(!NamedStudents(in: Array(Self.crowd(bytes: 64 << 10).utf8)).meant.areTooMany)
    let stand = Stand.production()
    for isAway in [false, true] {
      if isAway { stand.sidecar.always(.failed(.timedOut), where: \.isLoad) }
      #expect(await stand.deliver([Wrapped.quoted(Self.crowd(bytes: 100_000))]) == ["0": "SUCCESS"])
    }
    #expect(stand.sidecar.published.isEmpty)
    let samples = try PrometheusText.samples(await stand.ask("GET", "/metrics").text)
    #expect(PrometheusText.events("forgotten", in: samples) == 2)
  }
}
