internal import Glibc
internal import MasteryCore

/// Fits how far the interval of one group reaches from the present score at one horizon: the shortest one that holds the present score and
/// the share of truths that it is to hold.
///
/// Both ends are tried in the units of the group's own spreads. Changes are seldom: where more students than that share do nothing, the
/// present score alone is the shortest interval.
struct IntervalFit {
  /// The shares of truths under the lower end that are tried.
  private static let missesBelow = (0...12).map { Double($0) / 100 }
  /// Groups of fewer are left with the present score alone.
  private static let fewest = 50
  /// A change under it is none.
  private static let still = 1e-9

  private struct Change {
    /// The change in units of the spread, and of the rise.
    let down, up: Double
    let spread, rise, room: Double
  }

  private var changes: [Change] = []

  /// Takes in a change that came true.
  ///
  /// - Parameters:
  ///   - change: The change, in points of mastery.
  ///   - spread: The unit of the way down.
  ///   - rise: The unit of the way up.
  ///   - room: How far mastery could rise at all.
  mutating func add(_ change: Double, spread: Double, rise: Double, room: Double) {
    let change = abs(change) < Self.still ? 0 : change
    changes.append(
      Change(
        down: spread > 0 ? max(-change, 0) / spread : 0, up: rise > 0 ? max(change, 0) / rise : 0, spread: spread, rise: rise, room: room))
  }

  /// How far the interval has to reach.
  var reach: ForecastModel.Reach {
    guard changes.count >= Self.fewest else { return ForecastModel.Reach(down: 0, up: 0) }
    let downs = changes.map(\.down).sorted()
    var best: (width: Double, reach: ForecastModel.Reach)?
    for share in Self.missesBelow {
      let down = downs[max(Int((Double(downs.count) * (1 - share)).rounded(.up)) - 1, 0)]
      guard let up = upwards(above: down) else { continue }
      let width = changes.reduce(0) { $0 + down * $1.spread + min(up * $1.rise, $1.room) }
      if width < best?.width ?? .infinity { best = (width, ForecastModel.Reach(down: down, up: up)) }
    }
    let found = best?.reach ?? ForecastModel.Reach(down: downs.last ?? 0, up: changes.map(\.up).max() ?? 0)
    // Rounded up, so that what lies on an end stays within it.
    return ForecastModel.Reach(down: Self.roundedUp(found.down), up: Self.roundedUp(found.up))
  }

  /// How far up the interval has to reach beside a lower end; nil where that leaves out too many.
  private func upwards(above down: Double) -> Double? {
    let needed = Int((Double(changes.count) * Forecast.intervalLevel).rounded(.up))
    let ups = changes.lazy.filter { $0.down <= down }.map(\.up).sorted()
    return needed <= ups.count ? ups[max(needed - 1, 0)] : nil
  }

  private static func roundedUp(_ value: Double) -> Double { Rounding.decimals(5, of: ceil(value * 1e5 - 1e-6) / 1e5) }
}
