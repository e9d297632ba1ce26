import Simulation
import Testing
import WireTesting

extension SimulationTests {
  @Suite("Planted mistakes")
  struct MistakeTests {
    @Test("are found within 1,000 seeds", arguments: Mistake.allCases)
    func found(_ mistake: Mistake) async throws {
      let summary = await Sweep(0..<1_000, mistake: mistake).run(workers: 1, endsAtBreach: true)
      let seed = try #require(summary.breaches.keys.min(), "\(mistake) was not found")
      print("\(mistake.rawValue): \(seed + 1) seeds, \(summary.breaches[seed]?.law.rawValue ?? "")")
    }

    @Test("are told by a shorter trace in which the same law is broken", arguments: [Mistake.noETag, .unchangedIsNotSaid])
    func shrinks(_ mistake: Mistake) async throws {
      let summary = await Sweep(0..<1_000, mistake: mistake).run(workers: 1, endsAtBreach: true)
      let (seed, breach) = try #require(summary.breaches.min { $0.key < $1.key })
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
