internal import Glibc

/// When arrivals of an open model come: times that are fixed beforehand, and that no late answer moves.
///
/// Times are microseconds from the beginning of the load.
public struct ArrivalSchedule: Sendable, Hashable {
  /// How arrivals are spread.
  public enum Spacing: Sendable, Hashable {
    /// Equal gaps.
    case even
    /// Exponentially distributed gaps, as of many callers who know nothing of each other; they follow from the seed.
    case poisson(seed: UInt64)
    /// So many arrivals at the same moment, then none until the rate allows for as many again.
    case together(Int)
  }

  /// Most arrivals a second.
  public static let highestRate = 1_000_000
  /// Longest load in seconds: a week.
  public static let longest = 604_800

  /// Arrivals a second.
  public let rate: Int
  /// Number of arrivals.
  public let count: Int
  /// How they are spread.
  public let spacing: Spacing

  /// Creates a schedule; nil if rate or seconds are under 1 or over their limits, or fewer than one arrival comes together.
  public init?(rate: Int, seconds: Int, spacing: Spacing) {
    guard (1...Self.highestRate).contains(rate), (1...Self.longest).contains(seconds) else { return nil }
    if case .together(let size) = spacing, size < 1 { return nil }
    self.rate = rate
    count = rate * seconds
    self.spacing = spacing
  }

  /// The number of arrivals until a time, that time included, if gaps are equal; 0 before the first.
  public func evenArrivals(until microseconds: Int) -> Int {
    guard microseconds >= 0 else { return 0 }
    // The arrival `index` comes at index × 1,000,000 / rate, rounded down.
    let (seconds, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
    return min(seconds * rate + ((rest + 1) * rate - 1) / 1_000_000 + 1, count)
  }

  /// When the arrival of a number comes if gaps are equal.
  public func evenTime(of index: Int) -> Int {
    let (seconds, rest) = index.quotientAndRemainder(dividingBy: rate)
    return seconds * 1_000_000 + rest * 1_000_000 / rate
  }

  /// The times of all arrivals, in order.
  public var times: Times { Times(self) }

  /// The times of a schedule's arrivals.
  public struct Times: Sequence, IteratorProtocol, Sendable {
    private let schedule: ArrivalSchedule
    private var index = 0
    private var random: SplitMix
    private var last = 0.0

    init(_ schedule: ArrivalSchedule) {
      self.schedule = schedule
      if case .poisson(let seed) = schedule.spacing { random = SplitMix(seed: seed) } else { random = SplitMix(seed: 0) }
    }

    /// The next time; nil after the last.
    public mutating func next() -> Int? {
      guard index < schedule.count else { return nil }
      defer { index += 1 }
      switch schedule.spacing {
      case .even: return schedule.evenTime(of: index)
      case .together(let size): return schedule.evenTime(of: index / size * size)
      case .poisson:
        // A number above 0 and at most 1.
        let uniform = (Double(random.next() >> 11) + 1) / 9_007_199_254_740_992
        last -= log(uniform) * 1_000_000 / Double(schedule.rate)
        return Int(last)
      }
    }
  }
}
