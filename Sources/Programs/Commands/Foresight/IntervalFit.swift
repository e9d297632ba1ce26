internal import Glibc
internal import MasteryCore

/// Fits how far a group's interval extends from the present score at one horizon: the shortest interval that contains the present score and
/// the required share of truths.
///
/// Both ends are searched in units of the group's own spreads. Changes are rare: if more students than that share stay unchanged, the
/// shortest interval is the present score alone.
struct IntervalFit {
  /// The candidate shares of truths below the lower end.
  private static let missesBelow = (0...12).map { Double($0) / 100 }
  /// Smaller groups get the present score alone.
  private static let fewest = 50
  /// A smaller change counts as none.
  private static let still = 1e-9

  private struct Change {
    /// The change in units of the spread, and of the rise.
    let down, up: Double
    let spread, rise, room: Double
  }

  private var changes: [Change] = []

  /// Adds an actual change.
  ///
  /// - Parameters:
  ///   - change: The change, in points of mastery.
  ///   - spread: The unit downwards.
  ///   - rise: The unit upwards.
  ///   - room: How far mastery could rise at most.
  mutating func add(_ change: Double, spread: Double, rise: Double, room: Double) {
    let change = abs(change) < Self.still ? 0 : change
    changes.append(
      Change(
        down: spread > 0 ? max(-change, 0) / spread : 0, up: rise > 0 ? max(change, 0) / rise : 0, spread: spread, rise: rise, room: room))
  }

  /// The reach of the interval.
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
    // Rounded up, so that a value on an end stays within it.
    return ForecastModel.Reach(down: Self.roundedUp(found.down), up: Self.roundedUp(found.up))
  }

  /// How far up the interval has to extend for a given lower end; nil if that end leaves out too many.
  private func upwards(above down: Double) -> Double? {
    let needed = Int((Double(changes.count) * Forecast.intervalLevel).rounded(.up))
    let ups = changes.lazy.filter { $0.down <= down }.map(\.up).sorted()
    return needed <= ups.count ? ups[max(needed - 1, 0)] : nil
  }

  private static func roundedUp(_ value: Double) -> Double { Rounding.decimals(5, of: ceil(value * 1e5 - 1e-6) / 1e5) }
}
