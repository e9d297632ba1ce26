import DaprClient
import HTTPServer
import Testing
import WireTesting

@testable import Simulation

extension SimulationTests {
  @Suite("Each law can be broken")
  struct LawTests {
    private static let mistakes: [(Law, Mistake)] = [
      (.answersAreWhole, .failedIsDropped), (.acknowledgedIsKept, .acknowledgedFirst), (.equalCutEqualBytes, .conflictIsSaved),
      (.revisionsFormOneLine, .firstWriteForgotten), (.lastResultIsTheDocument, .unchangedIsNotSaid),
      (.nothingUnsavedIsSaid, .publishedBeforeSaved), (.oneIDOneContent, .damagedIsEmpty),
      (.announcementsAreComplete, .announcementsFromMemory), (.onlyRefusedAreDead, .deadLetterNotAwaited),
      (.foreignIsLeftAlone, .futureIsPresent), (.queriesAreTrue, .errorIsEmpty),
    ]

    @Test("by a planted mistake", arguments: mistakes)
    func byMistake(_ law: Law, _ mistake: Mistake) async {
      let isBroken = await onThread {
        (0..<30).contains { seed in Run(Plan(seed: seed), mistake: mistake).breaches.contains { $0.law == law } }
      }
      #expect(isBroken)
    }

    // MARK: By hand

    private static let key = "student:ann:profile:current_mastery"

    private static func document(cut: Int, event: String) -> [UInt8] {
      Array(
        (#"{"schema":1,"student_id":"ann","evidence":{"cut":\#(cut),"baseline":{"quiz":[1,"\#(event)",0.5]},"days":[]},"#
          + #""ledger":{"epoch":1,"revision":1,"outbox":[],"cohorts":[]}}"#).utf8)
    }

    private static func broken(_ change: (WorldParts) -> Void) -> Set<Law> {
      let parts = WorldParts(Plan(seed: 1), mistake: nil, isTold: false)
      change(parts)
      let aftermath = Aftermath(parts)
      return Set(Law.allCases.filter { $0.breach(in: aftermath) != nil })
    }

    @Test("by nothing, where nothing happens")
    func nothing() {
      #expect(Self.broken { _ in }.isEmpty)
    }

    @Test("by a delivery that is never answered")
    func unsettled() {
      #expect(Self.broken { parts in parts.chronicle.note { $0.unsettled = ["delivery 1 is not acknowledged"] } } == [.everythingSettles])
    }

    @Test("by a document that holds what no event said")
    func invented() {
      let broken = Self.broken { parts in
        _ = parts.store.save(SaveItem(key: Self.key, value: Self.document(cut: 100, event: "nobody's"), condition: .absent))
      }
      #expect(broken.contains(.nothingIsInvented))
    }

    @Test("by a cut that is too late", arguments: [(-91, false), (-89, false), (-88, true), (275, true)])
    func clocks(_ days: Int, _ isBroken: Bool) {
      let broken = Self.broken { parts in
        let today = Int(parts.timeline.now / 86_400_000)
        _ = parts.store.save(SaveItem(key: Self.key, value: Self.document(cut: today + days, event: "e"), condition: .absent))
      }
      #expect(broken.contains(.clocksDestroyNothing) == isBroken)
    }

    @Test("by an event that was taken in and is nowhere")
    func ingested() {
      let broken = Self.broken { parts in
        let content = EventContent(id: "e-1", milliseconds: parts.timeline.now, student: "ann")
        let answer = Replica.Answer(response: HTTPResponse(status: 202), clock: parts.timeline.now)
        parts.chronicle.note { $0.ingested.append(.init(content: content, at: 0, answer: answer)) }
      }
      #expect(broken == [.ingestedIsPublished])
    }
  }
}
