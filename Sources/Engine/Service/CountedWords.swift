internal import Synchronization

/// Random words of a world that is the same whenever it is made: counted, and zero while they are fixed.
final class CountedWords: Sendable {
  private let state = Mutex<(next: UInt64, isFixed: Bool)>((1, false))

  func next() -> UInt64 {
    state.withLock { state in
      if state.isFixed { return 0 }
      // The increment of SplitMix64, so that ids look like ids (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators).
      state.next &+= 0x9E37_79B9_7F4A_7C15
      return state.next
    }
  }

  func fix(_ isFixed: Bool) { state.withLock { $0.isFixed = isFixed } }
}
