internal import Glibc
internal import Synchronization

/// A cache of verified tokens, bounded in number and bytes, that spares the verification of a caller's next request.
///
/// Eviction uses the clock algorithm: a token used since the hand last passed it stays, another one makes room.
final class VerifiedTokens: Sendable {
  private struct Slot {
    let token: TokenText
    let claims: Claims
    var isUsed = false
  }

  private struct State {
    var slots: [Slot?]
    var positions: [TokenText: Int] = [:]
    var bytes = 0
    var hand = 0
    var generation = 0
  }

  private let bytesLimit: Int
  private let state: Mutex<State>

  /// Creates a cache limited to a number of tokens and their total bytes.
  init(countLimit: Int = 4096, bytesLimit: Int = 8 << 20) {
    self.bytesLimit = bytesLimit
    state = Mutex(State(slots: Array(repeating: nil, count: countLimit)))
  }

  /// Number and bytes of the cached tokens.
  var size: (count: Int, bytes: Int) { state.withLock { ($0.positions.count, $0.bytes) } }

  /// The claims of a token verified with the keys of that generation; nil if it was not verified or is no longer cached.
  func claims(of token: String, generation: Int) -> Claims? {
    state.withLock { state in
      guard state.generation == generation, let position = state.positions[TokenText(text: token)] else { return nil }
      state.slots[position]?.isUsed = true
      return state.slots[position]?.claims
    }
  }

  /// Caches a token that is valid under the keys of that generation.
  func remember(_ token: String, _ claims: Claims, generation: Int) {
    let text = TokenText(text: token)
    // One token must not evict all others.
    guard text.size <= bytesLimit / 8 else { return }
    state.withLock { state in
      if state.generation != generation {
        guard generation > state.generation else { return }
        state = State(slots: Array(repeating: nil, count: state.slots.count), generation: generation)
      }
      guard state.positions[text] == nil else { return }
      var free = Self.makeRoom(&state)
      while state.bytes + text.size > bytesLimit { free = Self.makeRoom(&state) }
      state.slots[free] = Slot(token: text, claims: claims)
      state.positions[text] = free
      state.bytes += text.size
    }
  }

  /// Moves the hand to the next slot that is free or can be freed.
  private static func makeRoom(_ state: inout State) -> Int {
    while true {
      let position = state.hand
      state.hand = (position + 1) % state.slots.count
      guard let slot = state.slots[position] else { return position }
      if slot.isUsed {
        state.slots[position]?.isUsed = false
      } else {
        state.slots[position] = nil
        state.positions[slot.token] = nil
        state.bytes -= slot.token.size
        return position
      }
    }
  }
}

/// A token compared by its bytes: texts that are equal in Swift may still be different tokens.
private struct TokenText: Hashable, Sendable {
  let text: String

  /// Bytes of the token, including the students that it may name: a parsed id takes twice its space in the token.
  var size: Int { text.utf8.count * 4 }

  static func == (left: Self, right: Self) -> Bool {
    left.withBytes { left in
      right.withBytes { right in
        guard left.count == right.count, let some = left.baseAddress, let other = right.baseAddress else {
          return left.count == right.count
        }
        return memcmp(some, other, left.count) == 0
      }
    }
  }

  func hash(into hasher: inout Hasher) { withBytes { hasher.combine(bytes: $0) } }

  private func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    var text = text
    return text.withUTF8 { body(UnsafeRawBufferPointer($0)) }
  }
}
