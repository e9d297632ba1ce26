/// One copy of a waiting message: each time the message is put at the end of its topic, there is a new copy.
struct WaitingCopy: Sendable {
  /// The waiting message; the same for all copies.
  let message: String
  /// Orders messages of which a later one replaces the earlier ones; the same for all copies of a message, and 0 if unknown.
  var generation: Int64 = 0
  /// Number of earlier copies.
  let number: Int
  /// The copy's own id.
  let id: String

  /// Numbers that a message may bring: so many are never made, and the next one after any of them can be counted.
  static let numbers: ClosedRange<Int64> = 0...1 << 53

  /// Whether this copy replaces the other: the later one does, and of two equally late ones the one with the smaller id.
  ///
  /// An unknown generation counts as the same: a copy that an earlier release put back belongs to the message that it got.
  func supersedes(_ other: WaitingCopy) -> Bool {
    guard generation == other.generation || generation == 0 || other.generation == 0 else { return generation > other.generation }
    return (-number, id) < (-other.number, other.id)
  }
}
