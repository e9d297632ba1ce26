import DevSidecar
import LoadTesting

/// When store and broker are away: a fifth of the load each, at most half a minute, with as long before, between and after.
enum OutagePlan {
  /// Longest outage in seconds.
  private static let longest = 30

  /// The outages of a load, store and broker.
  static func outages(_ settings: LoadSettings) -> [Outage] {
    guard settings.scenario == .outage else { return [] }
    let share = settings.seconds / 5
    let length = min(share, longest)
    return [("state_store", 1), ("pubsub", 3)].map { name, place in
      Outage(name, begin: place * share * 1_000_000, end: (place * share + length) * 1_000_000)
    }
  }

  /// Lets them happen; returns when the last is over.
  static func run(_ outages: [Outage], from began: Int, _ faults: Faults) async {
    for outage in outages {
      await sleep(until: began + outage.begin)
      set(outage, isAway: true, faults)
      await sleep(until: began + outage.end)
      set(outage, isAway: false, faults)
    }
  }

  private static func set(_ outage: Outage, isAway: Bool, _ faults: Faults) {
    if outage.name == "pubsub" { faults.isBrokerDown = isAway } else { faults.isStoreDown = isAway }
  }

  private static func sleep(until time: Int) async {
    let left = time - Monotonic.microseconds
    if left > 0 { try? await Task.sleep(for: .microseconds(left)) }
  }
}
