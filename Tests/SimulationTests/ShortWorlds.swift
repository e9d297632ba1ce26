@testable import Simulation

/// A thousand worlds, smallest plans first: most planted mistakes show in a small world too, and sooner.
enum ShortWorlds {
  static let seeds: [UInt64] = {
    let sizes = (UInt64(0)..<1_000).map { seed in
      let plan = Plan(seed: seed)
      return (size: plan.events.count + plan.requests.count + plan.incidents.count, seed: seed)
    }
    return sizes.sorted { ($0.size, $0.seed) < ($1.size, $1.seed) }.map(\.seed)
  }()
}
