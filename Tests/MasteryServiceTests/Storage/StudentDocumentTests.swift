import DaprClient
import Foundation
import JSON
import MasteryCore
import Simulation
import Testing

@testable import MasteryService

@Suite("A student document as it is stored")
struct StudentDocumentTests {
  private static func moment(_ random: SeededGenerator) -> Timestamp {
    Timestamp(milliseconds: 1_700_000_000_000 + Int64(random.draw(0..<20_000_000)) * 1_000 + Int64(random.draw(0..<1_000)))
  }

  private static let texts = ["e-1", "!", "~\"\\/", "550e8400-e29b-41d4-a716-446655440001"]

  private static func content(of component: Component, _ random: SeededGenerator) throws -> EvidenceContent {
    let total = random.once(in: 9) ? Int.max : random.draw(1..<40)
    let part = random.draw(0..<min(total, 1_000) + 1)
    func maybe<Value>(_ value: Value) -> Value? { random.once(in: 2) ? value : nil }
    func share() -> Double { Double(random.draw(0..<1_000_000_000)) / 999_999_999.7 }
    if random.once(in: 6) { return .retracted }
    if random.once(in: 6) { return .given(try #require(Score(random.once(in: 3) ? Double(random.draw(0..<2)) : share()))) }
    switch component {
    case .completion:
      let difficulty = Difficulty.allCases[random.draw(0..<3)]
      return .completion(try CompletionEvidence(totalExercises: total, completedExercises: part, difficulty: difficulty))
    case .quiz:
      return .quiz(
        try QuizEvidence(totalQuestions: total, correctAnswers: part, timeSpent: maybe(share() * 1e9), attempts: maybe(random.draw(1..<9))))
    case .quality:
      return .quality(
        try QualityEvidence(
          codeQualityScore: maybe(share()), correctnessScore: share(), efficiencyScore: maybe(share()), peerReviewScore: maybe(-0.0)))
    case .consistency:
      return .consistency(try ConsistencyEvidence(currentStreak: part, maxStreak: total, daysSinceLastActivity: share() * 30))
    }
  }

  private static func observation(_ random: SeededGenerator, from first: Day, days: Int) throws -> Observation {
    let start = first.advanced(by: random.draw(0..<days)).start
    var contents = ComponentValues<EvidenceContent>()
    for component in Component.allCases where random.once(in: 2) { contents[component] = try content(of: component, random) }
    return Observation(
      event: try #require(EventID(texts[random.draw(0..<texts.count)])),
      timestamp: start.adding(milliseconds: Int64(random.draw(0..<86_400_000))),
      offset: try #require(UTCOffset(minutes: random.once(in: 2) ? 0 : random.draw(-720..<840))),
      correction: try #require(Correction(random.once(in: 2) ? 0 : random.draw(1..<Int(Int32.max)))),
      source: random.once(in: 2) ? SourceName("l\u{e9} \"ms\" \u{1F393}") : nil,
      topic: CourseTopic(
        course: random.once(in: 2) ? nil : CourseID("course-v1:edX+Demo"),
        topic: random.once(in: 2) ? nil : TopicPath(["loops", "loops/while", "a/b~/c|d"][random.draw(0..<3)])),
      cohort: random.once(in: 2) ? CohortID("c-1") : nil, contents: contents)
  }

  /// A random document.
  static func document(_ random: SeededGenerator) throws -> StudentDocument {
    let cutoff = Day(moment(random))
    var record = EvidenceRecord(cutoff: cutoff)
    for _ in 0..<random.draw(0..<30) { record.merge(try observation(random, from: cutoff.advanced(by: -40), days: 80)) }
    let id = try #require(EventID("e-c"))
    var ledger = Ledger(
      epoch: Int64(random.draw(0..<2_000_000_000)), revision: Int64(random.draw(1..<1_000_000)),
      cohorts: ["c-1", "c-0", "z"].prefix(random.draw(0..<4)).compactMap { CohortID($0) })
    ledger.lastRevision = LastRevision(
      savedAt: moment(random), previousScore: random.once(in: 2) ? nil : 0.123, causedBy: [id], causedByCount: random.draw(1..<99),
      topics: record.topics.map(\.topic).filter { $0 != .none },
      revisionsSince: Int64(random.draw(0..<9)))
    ledger.outbox = (0..<random.draw(0..<3)).map {
      OutboxEntry(id: "o-\($0)", topic: "mastery.events", body: #"{"id":"o-\#($0)","data":{"score":0.1,"text":"\"é"}}"#)
    }
    if random.once(in: 3) { ledger.consent = Consent(granted: random.once(in: 2), recordedAt: moment(random), recordedBy: "p \"\n\u{e9}") }
    if random.once(in: 3) { ledger.erasedAt = moment(random) }
    if random.once(in: 3) {
      ledger.forecast = WeeklyForecast(due: Day(number: random.draw(16_000..<20_000)), score: 0.1 + 0.2, interval: 1e-7...0.9)
    }
    if random.once(in: 3) { ledger.unknownFields = [PreservedField(name: "mood", json: #"{"low":[0.1,null,-1e-07]}"#)] }
    let school = random.once(in: 2) ? SchoolID("north") : nil
    let later = PreservedField(name: "later \"", json: #"[18446744073709551615]"#)
    return StudentDocument(
      student: try #require(StudentID("s-1")), school: school, evidence: record, ledger: ledger,
      schema: random.draw(1..<3), unknownFields: random.once(in: 2) ? [] : [later])
  }

  private static func key(_ document: StudentDocument) -> StudentKey { StudentKey(school: document.school, student: document.student) }

  @Test("A stored document comes back as it was, with the same bytes")
  func roundTrip() throws {
    for seed in 0..<500 as Range<UInt64> {
      let document = try Self.document(SeededGenerator(seed: seed))
      let bytes = StudentDocumentWriter.bytes(of: document)
      let read = try StoredDocument.read(bytes, of: Self.key(document))
      #expect(read == document, "seed \(seed)")
      #expect(StudentDocumentWriter.bytes(of: read) == bytes, "seed \(seed)")
      #expect(throws: Never.self, "seed \(seed)") { try ReadJSON.object(bytes) }
    }
  }

  @Test("A stored document without its waiting announcements is otherwise the same")
  func withoutPublished() throws {
    for seed in 0..<100 as Range<UInt64> {
      var document = try Self.document(SeededGenerator(seed: seed))
      let key = Self.key(document)
      let confirmed = ConfirmedAnnouncements()
      let bytes = StudentDocumentWriter.bytes(of: document)
      func read() throws -> StudentDocument {
        try JSONDocument.parse(bytes) { (value) throws(DocumentFault) in
          try StudentDocumentReader.document(from: value, of: key, announcements: .unpublished(confirmed))
        }
      }
      // One that an earlier revision had in its outbox too.
      var published = document
      published.ledger.revision -= 1
      published.ledger.outbox.removeAll { $0.id != "o-0" }
      confirmed.insert(published)
      document.ledger.outbox.removeAll { $0.id == "o-0" }
      #expect(try read() == document, "seed \(seed)")
      confirmed.insert(document)
      document.ledger.outbox = []
      #expect(try read() == document, "seed \(seed)")
    }
  }

  @Test("What a revision announced is not read again, however many announcements have been published since")
  func manyPublished() throws {
    let documents = try (0..<200 as Range<UInt64>).map { try Self.document(SeededGenerator(seed: $0)) }
    // More than their ids can be remembered.
    let waiting = documents.filter { $0.ledger.outbox.count > 1 }
    #expect(waiting.count > 10)
    for document in waiting {
      let confirmed = ConfirmedAnnouncements(announcements: 1)
      confirmed.insert(document)
      #expect(document.ledger.outbox.contains { !confirmed.contains($0.id) })
      let read = try JSONDocument.parse(StudentDocumentWriter.bytes(of: document)) { (value) throws(DocumentFault) in
        try StudentDocumentReader.document(from: value, of: Self.key(document), announcements: .unpublished(confirmed))
      }
      #expect(read.ledger.outbox.isEmpty && read.evidence == document.evidence)
    }
  }

  @Test("A document read only to be looked at has no ETag, so nothing can be saved over it")
  func onlyLookedAt() async throws {
    let stand = Stand()
    _ = await stand.deliver([Wrapped.exercise("e-1")])
    let store = StudentStore(sidecar: stand.sidecar, retentionDays: 90)
    let key = try Stand.key("s-1")
    let whole = try #require(await store.load([key], context: CallContext()).first)
    let looked = try #require(await store.load([key], announcements: .none, context: CallContext()).first)
    #expect(whole.condition != nil && looked.condition == nil)
    guard case .document(let first) = whole.stored, case .document(let second) = looked.stored else {
      Issue.record("nothing was read")
      return
    }
    #expect(first.ledger.outbox.count == 2 && second.ledger.outbox.isEmpty && first.evidence == second.evidence)
  }

  @Test("A stored document keeps what a newer release added, even through a fold")
  func unknownFields() async throws {
    let stand = Stand()
    _ = await stand.deliver([Wrapped.exercise("e-1")])
    let stored = try #require(stand.sidecar.stored("student:s-1:profile:current_mastery")).value
    let text = String(decoding: stored, as: UTF8.self)
    let newer = text.replacingOccurrences(of: #""schema":1"#, with: #""schema":2,"later":{"a":[1,2.5,"x"]}"#)
      .replacingOccurrences(of: #""ledger":{"#, with: #""ledger":{"mood":[0.1,null],"#)
    stand.sidecar.put(Array(newer.utf8), at: "student:s-1:profile:current_mastery")
    #expect(await stand.deliver([Wrapped.exercise("e-2", at: "2026-03-12T08:00:00Z")]) == ["0": "SUCCESS"])
    let saved = try ReadJSON.object(try #require(stand.sidecar.stored("student:s-1:profile:current_mastery")).value)
    #expect(saved["schema"] as? Int == 2)
    #expect(try ReadJSON.canonical(saved["later"] ?? "") == #"{"a":[1,2.5,"x"]}"#)
    #expect(try ReadJSON.canonical((saved["ledger"] as? [String: Any])?["mood"] ?? "") == "[0.1,null]")
    #expect(try stand.document(of: "s-1").ledger.revision == 2)
  }

  /// A valid document, and replacements for its parts.
  private static let good =
    #"{"schema":1,"student_id":"s-1","school_id":"north","evidence":{"cut":20437,"baseline":{},"#
    + #""days":[[20522,{"quiz":[1773129600000,"e-1",0.8,"lms"]}]],"cohort":["c",1773129600000,"e-1"]},"#
    + #""ledger":{"epoch":5,"revision":1,"said":{"saved_at":7,"caused_by":["e-1"],"caused_by_count":1},"#
    + #""outbox":[{"id":"o","topic":"t","body":{}}],"cohorts":["c"],"forecast":[20530,0.5,0.4,0.6],"#
    + #""consent":{"granted":true,"recorded_at":1,"recorded_by":"p"},"#
    + #""erased_at":4}}"#

  private static let damage: [(part: String, instead: String)] = [
    (#""student_id":"s-1""#, #""student_id":"s-2""#), (#""student_id":"s-1""#, #""student_id":7"#), (#""student_id":"s-1","#, ""),
    (#""school_id":"north""#, #""school_id":"south""#), (#""school_id":"north","#, ""), (#""school_id":"north""#, #""school_id":null"#),
    (#""schema":1"#, #""schema":1.5"#), (#""schema":1"#, #""schema":-1"#), (#""schema":1,"#, ""), (#""cut":20437"#, #""cut":"x""#),
    (#""cut":20437"#, #""cut":20523"#), (#""cut":20437,"#, ""), (#""baseline":{}"#, #""baseline":[]"#),
    (#""baseline":{}"#, #""baseline":null"#), (#""baseline":{}"#, #""baseline":{"quiz":[[1773129600000,"e-1",0.8]]}"#),
    (#""days":["#, #""days":["x","#), (#"[[20522,"#, #"[[20523,"#), (#"[[20522,"#, #"[["20522","#),
    (#"[[20522,{"quiz":[1773129600000,"e-1",0.8,"lms"]}]]"#, "null"), (#"[[20522,{"quiz":[1773129600000,"e-1",0.8,"lms"]}]]"#, "{}"),
    (#"[[20522,{"quiz":[1773129600000,"e-1",0.8,"lms"]}]]"#, "[[20522,{}]]"), (#"{"quiz":["#, #"{"speed":["#),
    (#"{"quiz":["#, #"{"quiz":[null,"#), (#"0.8,"lms""#, #"1.8,"lms""#), (#"0.8,"lms""#, #"0.8,7"#), (#""e-1",0.8"#, #""e 1",0.8"#),
    (#"["c",1773129600000,"e-1"]"#, "7"), (#"["c",1773129600000,"e-1"]"#, #"["c d",1,"e"]"#), (#""epoch":5"#, #""epoch":"5""#),
    (#""revision":1"#, #""revision":-1"#), (#""revision":1"#, #""revision":9223372036854775807"#),
    (#""epoch":5"#, #""epoch":-1"#), (#""epoch":5"#, #""epoch":9223372036854775807"#), (#""revision":1,"#, ""),
    (#""saved_at":7"#, #""saved_at":null"#),
    (#""caused_by":["e-1"]"#, #""caused_by":7"#), (#""caused_by":["e-1"]"#, #""caused_by":[7]"#),
    (#""caused_by_count":1"#, #""caused_by_count":-1"#), (#"[{"id":"o","topic":"t","body":{}}]"#, "{}"),
    (#"[{"id":"o","topic":"t","body":{}}]"#, "7"), (#"{"id":"o","#, #"{"id":7,"#), (#""topic":"t","#, ""),
    (#""cohorts":["c"]"#, #""cohorts":"c""#),
    (#""cohorts":["c"]"#, #""cohorts":["c d"]"#), (#""granted":true"#, #""granted":1"#), (#""recorded_by":"p""#, #""recorded_by":7"#),
    (#""erased_at":4"#, #""erased_at":"4""#), (#"[20530,0.5,0.4,0.6]"#, "null"), (#"[20530,0.5,0.4,0.6]"#, "[20530,0.5,0.4]"),
    (#"[20530,0.5,0.4,0.6]"#, "[20530,0.5,0.6,0.4]"), (#"[20530,0.5,0.4,0.6]"#, "[20530.5,0.5,0.4,0.6]"),
  ]

  @Test("A damaged document is unreadable, never something else", arguments: damage.indices)
  func damaged(_ index: Int) throws {
    let key = try Stand.key("s-1", school: "north")
    _ = try StoredDocument.read(Array(Self.good.utf8), of: key)
    let (part, instead) = Self.damage[index]
    let text = Self.good.replacingOccurrences(of: part, with: instead)
    #expect(text != Self.good)
    let result = try StoredDocument.result(Array(text.utf8), of: key)
    guard case .failure(.unreadable) = result else {
      Issue.record("\(part) → \(instead): \(result)")
      return
    }
  }

  @Test("A torn document never stops the process, and is read only if it still makes sense")
  func mutated() throws {
    for seed in 0..<3_000 as Range<UInt64> {
      let random = SeededGenerator(seed: seed)
      let document = try Self.document(random)
      var bytes = StudentDocumentWriter.bytes(of: document)
      if random.once(in: 3) { bytes.removeLast(random.draw(1..<bytes.count)) }
      for _ in 0..<random.draw(0..<4) {
        let index = random.draw(0..<bytes.count)
        switch random.draw(0..<3) {
        case 0: bytes[index] = UInt8(random.draw(0..<256))
        case 1: bytes.insert(UInt8(random.draw(0x20..<0x7F)), at: index)
        default: if bytes.count > 1 { bytes.remove(at: index) }
        }
      }
      guard let result = try? StoredDocument.result(bytes, of: Self.key(document)), let read = try? result.get() else { continue }
      let again = try StoredDocument.read(StudentDocumentWriter.bytes(of: read), of: Self.key(document))
      #expect(again == read, "seed \(seed)")
    }
  }
}
