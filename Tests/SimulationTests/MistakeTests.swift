import Testing
import WireTesting

@testable import Simulation

extension SimulationTests {
  @Suite("Planted mistakes")
  struct MistakeTests {
    /// The laws that forbid certain mistakes; any other mistake must break some law.
    private static let forbidding: [Mistake: Law] = [
      .failedIsDropped: .answersAreWhole, .acknowledgedFirst: .acknowledgedIsKept, .conflictIsSaved: .equalCutEqualBytes,
      .firstWriteForgotten: .revisionsFormOneLine, .unchangedIsNotSaid: .lastResultIsTheDocument,
      .publishedBeforeSaved: .nothingUnsavedIsSaid, .idsWithoutEpoch: .oneIDOneContent,
      .announcementsFromMemory: .announcementsAreComplete, .deadLetterNotAwaited: .onlyRefusedAreDead,
      .futureIsPresent: .foreignIsLeftAlone, .errorIsEmpty: .queriesAreTrue, .nothingLeftToClean: .erasedStaysErased,
      .consentFromMemory: .consentIsHeeded, .leaverStays: .standingsAreTheDocuments, .chunkCountedTwice: .batchesAreWhole,
      .oneBadKeyIsRetry: .nobodyIsHeldUp, .revisionsNotSaid: .revisionsAreSaid, .handlerSleeps: .noHandlerWaits,
      .deadLetterNotKept: .whatIsForeignIsKept, .topicForgotten: .acknowledgedIsKept, .correctionByArrival: .correctionsCount,
      .retractionNotRemembered: .correctionsCount, .cohortOfCourseOverwritten: .cohortsArePerCourse,
      .earlierDayDropped: .acknowledgedIsKept,
      .cohortStandsAsSchool: .cohortsArePerCourse, .courseHasWholeScore: .topicsAreMeans,
    ]

    /// The first world that reveals a mistake: the known one, or else the smallest one of a thousand that does.
    private static func world(of mistake: Mistake) -> UInt64? {
      let law = forbidding[mistake]
      func isRevealing(_ seed: UInt64) -> Bool {
        Run(Plan(seed: seed), mistake: mistake).breaches.contains { law == nil || $0.law == law }
      }
      if let known = KnownSeeds.breaking[mistake], isRevealing(known) { return known }
      return ShortWorlds.seeds.first(where: isRevealing)
    }

    @Test("Each planted mistake breaks a law in one of 1,000 worlds, and the one that forbids it where one is named")
    func found() async {
      func find(_ half: Int) async -> [Mistake: UInt64] {
        await onThread {
          var found: [Mistake: UInt64] = [:]
          for (index, mistake) in Mistake.allCases.enumerated() where index % 2 == half { found[mistake] = Self.world(of: mistake) }
          return found
        }
      }
      async let even = find(0)
      async let odd = find(1)
      let found = await even.merging(await odd) { $1 }
      for mistake in Mistake.allCases { #expect(found[mistake] != nil, "\(mistake.rawValue)") }
      let moved = found.filter { KnownSeeds.breaking[$0.key] != $0.value }
      if !moved.isEmpty { print("worlds that now reveal them: \(moved.map { "\($0.key.rawValue): \($0.value)" }.sorted())") }
    }

    @Test("Shrinking finds a shorter trace in which the same law is broken", arguments: [Mistake.noETag, .unchangedIsNotSaid])
    func shrinks(_ mistake: Mistake) async throws {
      let seed = try #require(await onThread { Self.world(of: mistake) })
      let before = await onThread { Run(Plan(seed: seed), mistake: mistake) }
      let law = try #require(before.breach).law
      let after = await onThread {
        Run(Shrink(Plan(seed: seed), breaking: law, mistake: mistake, trials: 300).plan, mistake: mistake)
      }
      #expect(after.breach?.law == law)
      #expect(after.steps < before.steps)
    }
  }
}
