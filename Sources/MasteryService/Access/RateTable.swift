internal import MasteryCore

/// How often each of many keys came in its present window, in a table of fixed size.
///
/// A key has eight places where it may stand. Where all are taken by windows that are not over, the key that came least often makes
/// room, so that a crowd of strangers cannot wipe out the count of one who comes often.
struct RateTable {
  private static let ways = 8

  private struct Entry {
    var key: UInt64 = 0
    var began: Int64 = 0
    /// How often it came; 0 for a place that was never taken.
    var count: Int32 = 0
  }

  /// What a window holds after a key came.
  struct Standing: Hashable {
    /// How often the key has come, at most the limit.
    let used: Int
    /// Whether this time was within the limit.
    let isGranted: Bool
    /// When the window is over, in milliseconds since 1970.
    let ends: Int64
  }

  private let window: Int64
  private let sets: Int
  private var entries: [Entry]

  /// A table with places for so many keys.
  ///
  /// - Parameters:
  ///   - capacity: How many places there are, made up to a whole number of eights.
  ///   - window: How long a window is, in milliseconds.
  init(capacity: Int, window: Int64) {
    self.window = window
    sets = max(1, (capacity + Self.ways - 1) / Self.ways)
    entries = Array(repeating: Entry(), count: sets * Self.ways)
  }

  /// Bytes that the table takes, whatever comes.
  var bytes: Int { entries.count * MemoryLayout<Entry>.stride }

  /// A key comes once more; over its limit it is not counted.
  mutating func take(_ key: UInt64, limit: Int, now: Int64) -> Standing {
    let place = place(of: key, now: now)
    if entries[place].key != key || isOver(entries[place], now) { entries[place] = Entry(key: key, began: now) }
    let isGranted = Int(entries[place].count) < limit
    if isGranted { entries[place].count += 1 }
    return Standing(used: Int(entries[place].count), isGranted: isGranted, ends: entries[place].began + window)
  }

  /// Where a key stands, or may.
  private func place(of key: UInt64, now: Int64) -> Int {
    let first = Int(key % UInt64(sets)) * Self.ways
    var best = first
    for place in first..<first + Self.ways {
      if entries[place].key == key, entries[place].count > 0 { return place }
      if weight(entries[place], now) < weight(entries[best], now) { best = place }
    }
    return best
  }

  /// What speaks for keeping an entry.
  private func weight(_ entry: Entry, _ now: Int64) -> Int32 { isOver(entry, now) ? 0 : entry.count }

  /// Whether an entry's window is over; one that begins later than now is of a clock that was set back.
  private func isOver(_ entry: Entry, _ now: Int64) -> Bool {
    entry.count == 0 || now < entry.began || now >= entry.began + window
  }
}
