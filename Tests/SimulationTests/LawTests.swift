import DaprClient
import HTTPServer
import Testing
import WireTesting

@testable import Simulation

extension SimulationTests {
  @Suite("Laws broken by hand")
  struct LawTests {
    // MARK: Laws broken by hand

    private static let key = "student:ann:profile:current_mastery"

    private static func document(cutoff: Int, event: String) -> [UInt8] {
      Array(
        (#"{"schema":1,"student_id":"ann","evidence":{"cut":\#(cutoff),"baseline":{"quiz":[[1,"\#(event)",0.5]]},"days":[]},"#
          + #""ledger":{"epoch":1,"revision":1,"outbox":[],"cohorts":[]}}"#).utf8)
    }

    private static func broken(clocks: [Int64]? = nil, _ change: (WorldParts) -> Void) -> Set<Law> {
      var plan = Plan(seed: 1)
      plan.hasRights = true
      if let clocks { plan.clocks = clocks }
      let parts = WorldParts(plan, mistake: nil, isTold: false)
      change(parts)
      let aftermath = Aftermath(parts)
      return Set(Law.allCases.filter { $0.breach(in: aftermath) != nil })
    }

    @Test("A world in which nothing happens breaks no law")
    func nothing() {
      #expect(Self.broken { _ in }.isEmpty)
    }

    @Test("A delivery that is never acknowledged breaks a law")
    func unsettled() {
      #expect(Self.broken { parts in parts.chronicle.note { $0.unsettled = ["delivery 1 is not acknowledged"] } } == [.everythingSettles])
    }

    @Test("A document with evidence from no event breaks a law")
    func invented() {
      let broken = Self.broken { parts in
        _ = parts.store.save(SaveItem(key: Self.key, value: Self.document(cutoff: 100, event: "nobody's"), condition: .absent))
      }
      #expect(broken.contains(.nothingIsInvented))
    }

    @Test("A cutoff that is too late breaks a law", arguments: [(-91, false), (-89, false), (-88, true), (275, true)])
    func clocks(_ days: Int, _ isBroken: Bool) {
      let broken = Self.broken { parts in
        let today = Int(parts.timeline.now / 86_400_000)
        _ = parts.store.save(SaveItem(key: Self.key, value: Self.document(cutoff: today + days, event: "e"), condition: .absent))
      }
      #expect(broken.contains(.clocksDestroyNothing) == isBroken)
    }

    @Test("A damaged document that is overwritten before it expires breaks a law", arguments: [(1_999, true), (2_000, false)])
    func damaged(_ milliseconds: Int, _ isBroken: Bool) {
      let broken = Self.broken { parts in
        let document = Self.document(cutoff: 100, event: "e")
        _ = parts.store.save(SaveItem(key: Self.key, value: document, condition: .absent, secondsToLive: 2))
        parts.timeline.after(500) {
          #expect(Affliction(parts, key: Self.key, .unreadableDocument).begin(lasting: 0))
        }
        parts.timeline.after(milliseconds) { parts.store.put(document, at: Self.key, isForeign: false) }
        while parts.timeline.step(before: .max) {}
      }
      #expect(broken.contains(.foreignIsLeftAlone) == isBroken)
    }

    @Test(
      "A document of a later release that a replica overwrites before it expires breaks a law", arguments: [(1_999, true), (2_000, false)])
    func future(_ milliseconds: Int, _ isBroken: Bool) {
      let broken = Self.broken { parts in
        let document = Self.document(cutoff: 100, event: "e")
        _ = parts.store.save(SaveItem(key: Self.key, value: document, condition: .absent, secondsToLive: 2))
        #expect(Affliction(parts, key: Self.key, .newerSchema).begin(lasting: 3_000))
        parts.timeline.after(milliseconds) { parts.store.put(document, at: Self.key, isForeign: false) }
        while parts.timeline.step(before: .max) {}
        #expect(parts.store.stored(Self.key)?.value == (isBroken ? nil : document))
      }
      #expect(broken.contains(.foreignIsLeftAlone) == isBroken)
    }

    @Test("An erasure that was requested but never done breaks a law")
    func unfinished() {
      let broken = Self.broken { parts in
        let now = parts.timeline.now
        parts.chronicle.note { $0.erasuresTaken.append(.init(documentKey: Self.key, requestedAt: now, at: now)) }
      }
      #expect(broken == [.erasuresAreFinished])
    }

    @Test(
      "An erasure that is never done breaks a law, unless a clock a year ahead treats it as an old one and no document is left",
      arguments: [(0, false, true), (365, false, false), (365, true, true)] as [(Int64, Bool, Bool)])
    func seemsOld(_ days: Int64, _ isThere: Bool, _ isBroken: Bool) {
      let broken = Self.broken(clocks: [0, days * 86_400_000]) { parts in
        let now = parts.timeline.now
        if isThere { parts.store.put(Self.document(cutoff: 100, event: "e"), at: Self.key) }
        parts.chronicle.note { $0.erasuresTaken.append(.init(documentKey: Self.key, requestedAt: now, at: now)) }
      }
      #expect(broken.contains(.erasuresAreFinished) == isBroken)
    }

    @Test(
      "A standing that an erasure left behind breaks a law, unless nothing names its cohort any more",
      arguments: [
        ("cohort:c-1:standing:3", true, true, false), ("cohort:c-1:standing:3", true, false, true),
        ("cohort:c-1:standing:3", false, true, true), ("cohort:_school:standing:3", true, true, true),
      ])
    func unnamed(_ key: String, _ wasDamaged: Bool, _ isUnreadable: Bool, _ isBroken: Bool) {
      let broken = Self.broken(clocks: [0]) { parts in
        let erasedAt = parts.timeline.now + 5 * 60_000
        // Above a damaged life that may have begun a day ahead, by a clock five minutes ahead.
        let epoch = parts.timeline.now / 1_000 + (wasDamaged ? 86_400 + 300 + 1 : 0) + 1
        let tombstone =
          #"{"schema":1,"student_id":"ann","evidence":{"cut":100,"baseline":{},"days":[]},"#
          + #""ledger":{"epoch":\#(epoch),"revision":0,"erased_at":\#(erasedAt),"outbox":[],"cohorts":[]}}"#
        parts.store.put(Array(tombstone.utf8), at: Self.key)
        parts.store.put(Array(#"{"schema":1,"students":{"ann":[1,1,1]},"erased":{}}"#.utf8), at: key)
        if isUnreadable { parts.chronicle.note { $0.afflictedAside.insert("cohort:_school:standing:3") } }
      }
      #expect(broken.contains(.erasedStaysErased) == isBroken)
    }

    @Test("An access that is not on record exactly once breaks a law", arguments: [(0, true), (1, false), (2, true)])
    func unrecorded(_ count: Int, _ isBroken: Bool) {
      let broken = Self.broken { parts in
        parts.chronicle.note { content in
          content.answered.append(.init(documentKey: Self.key, correlationID: "a", status: 200))
          for _ in 0..<count {
            content.accesses.append(.init(documentKey: Self.key, action: "mastery_query", correlationID: "a", replica: 0, at: 0))
          }
        }
      }
      #expect(broken == (isBroken ? [.accessesAreOnRecord] : []))
    }

    @Test("A dead letter of an event that had to be forgotten breaks a law", arguments: [true, false])
    func spokenOf(_ isWithdrawn: Bool) {
      let broken = Self.broken { parts in
        let document = String(decoding: Self.document(cutoff: 100, event: "e"), as: UTF8.self)
        let consent = #","consent":{"granted":\#(!isWithdrawn),"recorded_at":1}}}"#
        let item = SaveItem(key: Self.key, value: Array((document.dropLast(2) + consent).utf8), condition: .absent)
        _ = parts.store.save(item)
        let letter =
          #"{"id":"e-1","type":"FailedEvent","data":{"event_id":"e-1","student_id":"ann","original_time":"2026-03-15T10:00:00Z","#
          + #""error_type":"validation_error"}}"#
        parts.chronicle.note { content in
          let now = parts.timeline.now
          let event = EventContent(id: "e-1", milliseconds: now, student: "ann")
          content.messages.append(
            Message(
              serial: 1, topic: "learning.quiz", partition: 0, offset: 0, text: "", form: .bare, content: event, publishedAt: now,
              isNumbered: true))
          // A millisecond after the save, so that the replica must have read this document.
          content.brought.append(.init(serial: 1, replica: 0, at: now + 1))
          content.refusals.insert(1)
          let said = OutgoingEvent(body: Array(letter.utf8), contentType: "application/json", partitionKey: "ann")
          content.said.append(.init(at: now + 1, replica: 0, topic: "mastery.dlq", event: said))
        }
      }
      #expect(broken.contains(.forgottenIsNotDead) == isWithdrawn)
    }

    @Test(
      "An event that waits longer than 5 s breaks a law, unless a fault affected everybody or its student",
      arguments: [
        (5_000, 0, false, false), (5_001, 0, false, true), (9_000, 4_500, false, false), (9_000, 3_000, false, true),
        (9_000, 0, true, false),
      ])
    func heldUp(_ waited: Int64, _ excused: Int64, _ isTroubled: Bool, _ isBroken: Bool) {
      let broken = Self.broken { parts in
        let now = parts.timeline.now
        let event = EventContent(id: "e-1", milliseconds: now, student: "ann")
        let message = Message(
          serial: 1, topic: "learning.quiz", partition: 0, offset: 0, text: "", form: .bare, content: event, publishedAt: now,
          isNumbered: true)
        // Two excuses that overlap count once; each includes its last millisecond.
        if excused > 0 {
          parts.chronicle.excuse(from: now + 1_000, until: now + 999 + excused)
          parts.chronicle.excuse(from: now + 1_000, until: now + 999 + excused / 2)
        }
        parts.chronicle.note { content in
          if isTroubled { content.troubled.insert(event.documentKey) }
          content.acknowledged.append(.init(message: message, began: now, ended: now + waited, wasRefused: false))
        }
      }
      #expect(broken.contains(.nobodyIsHeldUp) == isBroken)
    }

    /// Saves two revisions, and publishes a result that covers those after `since`; nil for no result.
    @Test(
      "A revision that no result publishes or covers breaks a law", arguments: [(nil, true), (1, true), (0, false)] as [(Int?, Bool)])
    func unsaid(_ since: Int?, _ isBroken: Bool) {
      let broken = Self.broken { parts in
        for revision in 1...2 {
          let text = String(decoding: Self.document(cutoff: 100, event: "e"), as: UTF8.self)
          let value = text.replacing("\"revision\":1", with: "\"revision\":\(revision)")
          parts.store.put(Array(value.utf8), at: Self.key, isForeign: false)
        }
        let said = since.map { ",\"revisions_since\":\($0)" } ?? ""
        let result =
          #"{"id":"u","type":"mastery.updated","data":{"event_id":"u","student_id":"ann","epoch":1,"revision":2\#(said)}}"#
        parts.chronicle.note { content in
          let event = OutgoingEvent(body: Array(result.utf8), contentType: "application/json", partitionKey: "ann")
          content.said.append(.init(at: parts.timeline.now, replica: 0, topic: "mastery.results", event: event))
        }
      }
      #expect(broken.contains(.revisionsAreSaid) == isBroken)
    }

    @Test("A handler's pause that follows no failed call breaks a law")
    func rested() {
      #expect(Self.broken { parts in parts.chronicle.note { $0.rests = ["replica 0 pauses for 30 ms"] } } == [.noHandlerWaits])
    }

    @Test(
      "A message that is not an event breaks a law if it is not stored",
      arguments: [("aGVsbG8=", false), ("hello", false), ("hell", true), (nil, true)])
    func unkept(_ payload: String?, _ isBroken: Bool) {
      let broken = Self.broken { parts in
        let now = parts.timeline.now
        let nobody = EventContent(student: "ann", isSound: false)
        let message = Message(
          serial: 1, topic: "learning.quiz", partition: 0, offset: 0, text: "", form: .bare, content: nobody,
          publishedAt: parts.plan.start + Int64(parts.plan.deadline), isNumbered: true, foreign: Array("hello".utf8))
        parts.chronicle.note { $0.buried.append(message) }
        guard let payload else { return }
        let piece = #"{"records":[["r",\#(now),{"original_payload":"\#(payload)"}]]}"#
        parts.store.put(Array(piece.utf8), at: "dlq:none")
      }
      #expect(broken == (isBroken ? [.whatIsForeignIsKept] : []))
    }

    @Test("An ingested event that is not at the broker breaks a law")
    func ingested() {
      let broken = Self.broken { parts in
        let content = EventContent(id: "e-1", milliseconds: parts.timeline.now, student: "ann")
        let answer = ReplicaAnswer(response: HTTPResponse(status: 202), clock: parts.timeline.now, putAside: [])
        parts.chronicle.note { $0.ingested.append(.init(content: content, at: 0, answer: answer)) }
      }
      #expect(broken == [.ingestedIsPublished])
    }
  }
}
