/// Recent values by key: at least `limit` of them are kept, at most twice as many; the older ones are dropped together.
struct RecentValues<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private let limit: Int
  private var young: [Key: Value] = [:]
  private var old: [Key: Value] = [:]

  /// Creates an empty collection.
  init(limit: Int) {
    self.limit = limit
  }

  /// Number of values held, counting twice what was added again after it had become old.
  var count: Int { young.count + old.count }

  subscript(key: Key) -> Value? { young[key] ?? old[key] }

  /// Removes a value.
  mutating func remove(_ key: Key) {
    young[key] = nil
    old[key] = nil
  }

  /// Adds a value.
  mutating func insert(_ value: Value, for key: Key) {
    young[key] = value
    if young.count >= limit { turn() }
  }

  /// Drops the older values; those added since the last turn are the older ones now.
  mutating func turn() {
    old = young
    young = [:]
  }
}
