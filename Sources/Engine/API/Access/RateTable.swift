internal import MasteryCore

/// Counts of each key in its present window, in a table of fixed size.
///
/// Each key has eight possible slots. If all are taken by open windows, the key with the lowest count makes room, so that a crowd of
/// strangers cannot erase the count of a frequent caller.
struct RateTable {
  private static let ways = 8

  private struct Entry {
    var key: UInt64 = 0
    var began: Int64 = 0
    /// The count; 0 for a slot that was never used.
    var count: Int32 = 0
  }

  /// The state of a window after a request.
  struct Standing: Hashable {
    /// The key's count, at most the limit.
    let used: Int
    /// Whether this request was within the limit.
    let isGranted: Bool
    /// When the window ends, in milliseconds since 1970.
    let ends: Int64
  }

  private let window: Int64
  private let sets: Int
  private var entries: [Entry]

  /// Creates a table.
  ///
  /// - Parameters:
  ///   - capacity: The number of slots, rounded up to a multiple of eight.
  ///   - window: The length of a window, in milliseconds.
  init(capacity: Int, window: Int64) {
    self.window = window
    sets = max(1, (capacity + Self.ways - 1) / Self.ways)
    entries = Array(repeating: Entry(), count: sets * Self.ways)
  }

  /// Bytes that the table takes, regardless of its content.
  var bytes: Int { entries.count * MemoryLayout<Entry>.stride }

  /// Counts a request of the key; requests over the limit are not counted.
  mutating func take(_ key: UInt64, limit: Int, now: Int64) -> Standing {
    let slot = slot(of: key, now: now)
    if entries[slot].key != key || isOver(entries[slot], now) { entries[slot] = Entry(key: key, began: now) }
    let isGranted = Int(entries[slot].count) < limit
    if isGranted { entries[slot].count += 1 }
    return Standing(used: Int(entries[slot].count), isGranted: isGranted, ends: entries[slot].began + window)
  }

  /// The slot of a key, or the one it should take.
  private func slot(of key: UInt64, now: Int64) -> Int {
    let first = Int(key % UInt64(sets)) * Self.ways
    var best = first
    for slot in first..<first + Self.ways {
      if entries[slot].key == key, entries[slot].count > 0 { return slot }
      if weight(entries[slot], now) < weight(entries[best], now) { best = slot }
    }
    return best
  }

  /// The weight of an entry; the entry with the lowest one is replaced.
  private func weight(_ entry: Entry, _ now: Int64) -> Int32 { isOver(entry, now) ? 0 : entry.count }

  /// Whether an entry's window has ended; a window that begins far in the future comes from a clock that was set back, one that begins
  /// less than a window ahead from a request that was judged after a later one.
  private func isOver(_ entry: Entry, _ now: Int64) -> Bool {
    entry.count == 0 || now < entry.began - window || now >= entry.began + window
  }
}
