internal import Encodings

/// A fast source of random bits for names that must be unique, not secret.
///
/// SplitMix64 (Steele, Lea, Flood 2014), seeded by the system once: the system's own source costs a system call for every eight bytes.
struct RandomBits: RandomNumberGenerator, Sendable {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  init() {
    var system = SystemRandomNumberGenerator()
    state = system.next()
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A random UUID, version 4.
  mutating func uuid() -> Bits128 {
    Bits128(high: next(), low: next()).versioned(4)
  }
}
