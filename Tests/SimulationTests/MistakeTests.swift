import Simulation
import Testing
import WireTesting

extension SimulationTests {
  @Suite("Planted mistakes")
  struct MistakeTests {
    /// The first world in which a mistake breaks a law: the known one, or else one of a thousand.
    private static func found(_ mistake: Mistake) async -> (seed: UInt64, breach: Breach)? {
      if let known = KnownSeeds.breaking[mistake], let breach = await onThread({ Run(Plan(seed: known), mistake: mistake).breach }) {
        return (known, breach)
      }
      let summary = await Sweep(0..<1_000, mistake: mistake).run(workers: 2, endsAtBreach: true)
      return summary.breaches.min { $0.key < $1.key }.map { (seed: $0.key, breach: $0.value) }
    }

    @Test("A planted mistake is found within 1,000 seeds", arguments: Mistake.allCases)
    func found(_ mistake: Mistake) async throws {
      let (seed, breach) = try #require(await Self.found(mistake), "\(mistake) was not found")
      print("\(mistake.rawValue): seed \(seed), \(breach.law.rawValue)")
    }

    @Test("Shrinking finds a shorter trace in which the same law is broken", arguments: [Mistake.noETag, .unchangedIsNotSaid])
    func shrinks(_ mistake: Mistake) async throws {
      let (seed, breach) = try #require(await Self.found(mistake))
      let (before, after) = await onThread {
        (
          Run(Plan(seed: seed), mistake: mistake),
          Run(Shrink(Plan(seed: seed), breaking: breach.law, mistake: mistake, trials: 300).plan, mistake: mistake)
        )
      }
      #expect(after.breach?.law == breach.law)
      #expect(after.steps < before.steps)
    }
  }
}
