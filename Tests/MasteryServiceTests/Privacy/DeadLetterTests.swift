import DaprClient
import Foundation
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("A dead letter that is kept")
struct DeadLetterTests {
  private func letter(_ id: String, _ student: String?, payload: String = "x", at failed: String = "2026-03-15T11:00:00Z") -> String {
    let own = student.map { #""student_id":"\#($0)","# } ?? ""
    return #"{"event_id":"\#(id)","event_type":"FailedEvent",\#(own)"original_payload":\#(Wrapped.quoted(payload)),"#
      + #""original_payload_encoding":"utf-8","error_message":"wrong","failed_at":"\#(failed)"}"#
  }

  private func deliver(_ letters: [String], to stand: Stand) async -> Set<String> {
    let bulk = Wrapped.bulk(letters.enumerated().map { ("\($0.offset)", Wrapped.cloudEvent($0.element, id: "ce-\($0.offset)")) })
    return Set(await stand.deliver(Array(bulk.utf8), to: Topic.deadLetters).values)
  }

  /// All that is kept.
  private func kept(_ stand: Stand) -> String {
    stand.sidecar.keys.filter { $0.contains("dlq:") }.map { String(decoding: stand.sidecar.stored($0)?.value ?? [], as: UTF8.self) }
      .joined()
  }

  private func count(_ text: String, in whole: String) -> Int { whole.components(separatedBy: text).count - 1 }

  @Test("A dead letter is kept once however often it is delivered, for 30 days, and nothing is published for it")
  func once() async throws {
    let stand = Stand.production()
    let letters = (0..<40).map { letter("e-\($0)", "s-\($0 % 7)", payload: String(repeating: "p", count: 3_000)) } + [letter("e-x", nil)]
    for _ in 0..<3 { #expect(await deliver(letters, to: stand) == ["SUCCESS"]) }
    for number in 0..<40 { #expect(count(#""event_id":"e-\#(number)""#, in: kept(stand)) == 1) }
    #expect(count(#""event_id":"e-x""#, in: kept(stand)) == 1 && stand.sidecar.stored("dlq:none") != nil)
    #expect(stand.sidecar.published.isEmpty)
    for key in stand.sidecar.keys { #expect(stand.sidecar.stored(key)?.secondsToLive == 30 * 86_400) }
    // Another failure of the same event is another letter.
    #expect(await deliver([letter("e-1", "s-1", at: "2026-03-15T11:30:00Z")], to: stand) == ["SUCCESS"])
    #expect(count(#""event_id":"e-1""#, in: kept(stand)) == 2)
  }

  @Test("An event and its correction that fail at the same moment are two dead letters, and a repetition of one of them is none")
  func corrections() async throws {
    let stand = Stand.production()
    let first = letter("e-1", "s-1").replacing(#""original_payload""#, with: #""original_sha256":"aa","original_payload""#)
    let correction = first.replacing(#":"aa""#, with: #":"bb""#)
    #expect(await deliver([first, correction, first], to: stand) == ["SUCCESS"])
    #expect(await deliver([correction], to: stand) == ["SUCCESS"])
    #expect(count(#""event_id":"e-1""#, in: kept(stand)) == 2)
  }

  @Test("Anything that the broker gives up becomes a dead letter")
  func wrapped() async throws {
    let stand = Stand.production()
    let event = Wrapped.exercise("e-1", metadata: #"{"school_id":"north"}"#)
    for _ in 0..<2 { #expect(await deliver([event, #"{"a":1}"#, "7"], to: stand) == ["SUCCESS"]) }
    let key = try #require(stand.sidecar.keys.first { $0.hasPrefix("school:north:dlq:") })
    let text = String(decoding: try #require(stand.sidecar.stored(key)).value, as: UTF8.self)
    #expect(text.contains(#""student_id":"s-1""#) && text.contains("completed_exercises") && text.contains("processing_error"))
    #expect(count(#""event_type":"FailedEvent""#, in: kept(stand)) == 3)
  }

  @Test("A dead letter comes again if the store does not accept it", arguments: Outage.allCases)
  func outage(_ outage: Outage) async throws {
    let stand = Stand.production()
    stand.sidecar.always(.failed(outage.failure), where: \.isSave)
    #expect(await deliver([letter("e-1", "s-1")], to: stand) == ["RETRY"])
    stand.sidecar.recover()
    #expect(await deliver([letter("e-1", "s-1")], to: stand) == ["SUCCESS"])
    #expect(count(#""event_id":"e-1""#, in: kept(stand)) == 1)
  }

  @Test("The oldest dead letters give way when there are too many, and are counted")
  func full() async throws {
    let stand = Stand.production()
    let payload = String(repeating: "p", count: 40_000)
    for number in 0..<60 { #expect(await deliver([letter("e-\(number)", "s-1", payload: payload)], to: stand) == ["SUCCESS"]) }
    let all = kept(stand)
    let left = (0..<60).filter { all.contains(#""event_id":"e-\#($0)""#) }
    #expect(left.last == 59 && left == Array((60 - left.count)...59) && (30...34).contains(left.count))
    let samples = try PrometheusText.samples(await stand.ask("GET", "/metrics").text)
    let dropped = try #require(samples["mastery_dead_letters_dropped_total"])
    #expect(dropped > 20)
    let told = try told(stand)
    #expect(told.allSatisfy { $0.message.hasSuffix("the list is full") && $0.list.hasPrefix("dlq:") })
    #expect(Set(told.map(\.list)).count == 1 && told.reduce(0) { $0 + $1.letters } == Int(dropped))
  }

  @Test("Each letter of a piece that gives way is counted and logged")
  func pairs() async throws {
    let stand = Stand.production()
    // Two of them fill a head, and so a piece.
    let payload = String(repeating: "p", count: 20_000)
    for number in 0..<80 { #expect(await deliver([letter("e-\(number)", "s-1", payload: payload)], to: stand) == ["SUCCESS"]) }
    let told = try told(stand)
    #expect(!told.isEmpty && told.allSatisfy { $0.letters == 2 }, "\(told)")
  }

  @Test("A dead letter whose list is damaged is let go, counted, and logged with the list's key")
  func damaged() async throws {
    let stand = Stand.production()
    #expect(await deliver([letter("e-0", "s-1")], to: stand) == ["SUCCESS"])
    let key = try #require(stand.sidecar.keys.first { $0.hasPrefix("dlq:") })
    stand.sidecar.put(Array("[]".utf8), at: key)
    #expect(await deliver([letter("e-1", "s-1"), letter("e-2", "s-1"), letter("e-3", nil)], to: stand) == ["SUCCESS"])
    let told = try told(stand)
    #expect(told.count == 1 && told[0].list == key && told[0].letters == 2 && told[0].message.contains("damaged"), "\(told)")
    let samples = try PrometheusText.samples(await stand.ask("GET", "/metrics").text)
    #expect(samples["mastery_dead_letters_dropped_total"] == 2)
  }

  @Test("A dead letter that waits for a later release's document says so with the student, each time that it comes")
  func laterRelease() async throws {
    let stand = Stand.production()
    #expect(await stand.deliver([Wrapped.exercise("e-1")]) == ["0": "SUCCESS"])
    let key = try Stand.key("s-1").documentKey
    let text = String(decoding: try #require(stand.sidecar.stored(key)).value, as: UTF8.self)
    stand.sidecar.put(Array(text.replacing(#""schema":1"#, with: #""schema":3"#).utf8), at: key)
    for _ in 0..<2 { #expect(await deliver([letter("e-2", "s-1")], to: stand) == ["RETRY"]) }
    let told = stand.lines.all.filter { $0.contains("dead letters are to come again") }
    #expect(told.count == 2 && told.allSatisfy { $0.contains(#""student_id":"s-1""#) && $0.contains("later release") }, "\(told)")
    #expect(await deliver([letter("e-3", "s-2")], to: stand) == ["SUCCESS"])
  }

  /// What the log says of letters that are not kept.
  private func told(_ stand: Stand) throws -> [(message: String, list: String, letters: Int)] {
    try stand.lines.all.filter { $0.contains("dead letters") }.map { line in
      let root = try ReadJSON.object(Array(line.utf8))
      return (root["message"] as? String ?? "", root["list"] as? String ?? "", root["letters"] as? Int ?? -1)
    }
  }

  @Test(
    "A dead letter without an owner names a student in a field for it, in any form, and not as a word elsewhere",
    arguments: [
      (#"{"student_id":"s-1"}"#, true), (#"{"student_id":" s-1\t\u00A0"}"#, true), (#"{"data":{"items":[{"studentId":"s-1"}]}}"#, true),
      (#"{"students":["s-2","s-1"]}"#, true), (#"{"student":{"id":"s-1","name":"x"}}"#, true),
      (#"{"note":"{\"student_id\":\"s-1\"}"}"#, true),
      (#"{"student_id":"s-1" "event_type""#, true), (#"{"body":"{\"student_id\":\"s-1\",""#, true), ("student_id=s-1&total=10", true),
      ("student-id: 's-1 ' # yaml", true), ("<student_id>s-1</student_id>", true), (#"{"student_ids":[ "s-2", "s-1""#, true),
      (Wrapped.base64(#"{"student_id":"s-1"}"#), true), (Wrapped.base64(#"{"student_id":"s-1","#), true),
      (#"{"data_base64":"\#(Wrapped.base64(#"{"student_id":"s-1"}"#))"}"#, true), ("\u{FEFF}{\"student_id\":\"s-1\"}", true),
      ("s-1", false), (#"{"note":"s-1"}"#, false), (#"{"student_id":"s-12"}"#, false), (#"{"student_id":"S-1"}"#, false), ("", false),
      (#"{"event_id":"s-1","data":{"s-1":1}}"#, false), ("the student said s-1", false), (#"["s-1"]"#, false),
      (#"{"student_id":"s-1","metadata":{"school_id":"north "}}"#, false), ("student_id=s-1&school_id=north", false),
    ])
  func names(_ payload: String, _ isNamed: Bool) throws {
    let student = try Stand.key("s-1")
    for json in [
      letter("e", nil, payload: payload),
      letter("e", nil, payload: Wrapped.base64(payload)).replacing(#""utf-8""#, with: #""base64""#),
    ] {
      #expect(try #require(DeadLetter(Array(json.utf8))).mayMean(student) == isNamed, "\(payload)")
    }
    // This one's owner is known.
    #expect(try #require(DeadLetter(Array(letter("e", "s-2", payload: payload).utf8))).mayMean(student) == false)
  }

  @Test("A dead letter without an owner may name a student by number", arguments: ["10", "10.0", #""10""#, "[9,10]", #"{"id":10}"#])
  func numbered(_ value: String) throws {
    let json = letter("e", nil, payload: #"{"student_id":\#(value),"total_questions":11}"#)
    let letter = try #require(DeadLetter(Array(json.utf8)))
    #expect(try letter.mayMean(Stand.key("10")) && letter.mayMean(Stand.key("10", school: "north")))
    #expect(try !letter.mayMean(Stand.key("11")))
  }

  @Test("A dead letter with an invalid school does not belong to students without a school")
  func misnamedSchool() throws {
    for school in [#""no rth""#, "7", "[]", "{}", "true"] {
      let json = letter("e", "s-1").replacing(#""student_id""#, with: #""school_id":\#(school),"student_id""#)
      #expect(try #require(DeadLetter(Array(json.utf8))).owner == nil)
    }
    #expect(try #require(DeadLetter(Array(letter("e", "s-1").utf8))).owner == Stand.key("s-1"))
  }
}
