internal import Synchronization

/// A seeded random number generator (SplitMix64) that several tasks may share.
public final class SeededGenerator: RandomNumberGenerator, Sendable {
  private let state: Mutex<UInt64>

  /// Creates a generator; the same seed always yields the same numbers.
  public init(seed: UInt64) { state = Mutex(seed) }

  /// Returns the next number.
  public func next() -> UInt64 {
    var z = state.withLock { state in
      state &+= 0x9E37_79B9_7F4A_7C15
      return state
    }
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Draws a number from a range, which must not be empty.
  public func draw(_ range: Range<Int>) -> Int {
    range.lowerBound + Int(next() % UInt64(range.count))
  }

  /// True with a probability of 1 / `times`; `times` must be at least 1.
  public func once(in times: Int) -> Bool { draw(0..<times) == 0 }
}
