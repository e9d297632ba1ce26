/// The stored documents of several students as they were read, in the students' order.
struct FoldReading: Sendable {
  private(set) var found: [StudentStore.Found] = []
  /// Whether the store answered for any of the keys that were read together.
  private(set) var someAnswered = false
  /// Why there was no answer for any of them; nil if there was one.
  private(set) var outage: String?

  init(found: [StudentStore.Found], someAnswered: Bool) {
    self.found = found
    self.someAnswered = someAnswered
  }

  init(outage: String) {
    self.outage = outage
  }

  /// Takes a stored value out, so that this is the only reference and a document is changed in place.
  mutating func take(_ index: Int) -> StudentStore.Stored {
    let stored = found[index].stored
    found[index].stored = .absent
    return stored
  }

  /// The reading in pieces of at most `size` students, in order; each stored value is in one of them only.
  mutating func split(into size: Int) -> [FoldHandover] {
    var pieces: [FoldHandover] = []
    while !found.isEmpty {
      let count = (found.count - 1) % size + 1
      pieces.append(FoldHandover(Self(found: Array(found.suffix(count)), someAnswered: someAnswered)))
      found.removeLast(count)
    }
    return pieces.reversed()
  }
}
