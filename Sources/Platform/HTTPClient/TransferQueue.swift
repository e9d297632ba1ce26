/// Transfers that wait for a connection, first come, first served, each no longer than its deadline.
struct TransferQueue {
  private var transfers: [Transfer] = []
  /// How many at the front have already been taken.
  private var taken = 0
  /// No transfer is due before this; nil if none waits.
  private var earliest: ContinuousClock.Instant?

  var isEmpty: Bool { taken == transfers.count }

  mutating func append(_ new: [Transfer]) {
    transfers += new
    for transfer in new { earliest = min(earliest ?? transfer.due, transfer.due) }
  }

  /// The next one to start; nil if none waits.
  mutating func next() -> Transfer? {
    guard !isEmpty else { return nil }
    let transfer = transfers[taken]
    taken += 1
    if isEmpty {
      self = TransferQueue()
    } else if taken >= 64, taken * 2 >= transfers.count {
      transfers.removeFirst(taken)
      taken = 0
    }
    return transfer
  }

  /// Ends those whose deadline has passed.
  mutating func dropOverdue() {
    guard let earliest, earliest <= .now else { return }
    let now = ContinuousClock.now
    let waiting = transfers[taken...]
    self = TransferQueue()
    append(waiting.filter { $0.due > now })
    for transfer in waiting where transfer.due <= now { transfer.fail(.timedOut) }
  }

  /// How long nothing is overdue, up to a limit.
  func millisecondsToNextDue(atMost limit: Int32) -> Int32 {
    guard let earliest else { return limit }
    return Int32(clamping: min(Int(limit), max(0, ContinuousClock.now.milliseconds(to: earliest))))
  }
}

extension ContinuousClock.Instant {
  /// The milliseconds between two moments, rounded up, so that the wait is never too short.
  func milliseconds(to other: ContinuousClock.Instant) -> Int {
    let (seconds, attoseconds) = duration(to: other).components
    return Int(seconds) * 1_000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }
}
