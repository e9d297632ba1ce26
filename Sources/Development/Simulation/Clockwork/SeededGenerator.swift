internal import Synchronization

/// A repeatable source of random numbers (SplitMix64) that several tasks may share.
public final class SeededGenerator: RandomNumberGenerator, Sendable {
  private let state: Mutex<UInt64>

  /// A source that always yields the same numbers for the same seed.
  public init(seed: UInt64) { state = Mutex(seed) }

  /// The next number.
  public func next() -> UInt64 {
    var z = state.withLock { state in
      state &+= 0x9E37_79B9_7F4A_7C15
      return state
    }
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number from a range.
  public func draw(_ range: Range<Int>) -> Int {
    range.lowerBound + Int(next() % UInt64(range.count))
  }

  /// True once in that many times.
  public func once(in times: Int) -> Bool { draw(0..<times) == 0 }
}
