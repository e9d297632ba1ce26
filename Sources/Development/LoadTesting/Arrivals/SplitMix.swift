/// SplitMix64: a well-mixed word for each number, so that everything drawn follows from a seed.
///
/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
struct SplitMix: Sendable {
  private static let step: UInt64 = 0x9E37_79B9_7F4A_7C15

  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// The next word of the sequence.
  mutating func next() -> UInt64 {
    state &+= Self.step
    return Self.mixed(state)
  }

  /// The word of one place in the sequence of a seed.
  static func word(_ index: Int, seed: UInt64) -> UInt64 { mixed(seed &+ step &* (UInt64(bitPattern: Int64(index)) &+ 1)) }

  private static func mixed(_ state: UInt64) -> UInt64 {
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
