/// What came lately, by key: as many values as `limit` says are always there, twice so many at the most; the older go together.
struct RecentValues<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private let limit: Int
  private var young: [Key: Value] = [:]
  private var old: [Key: Value] = [:]

  /// Nothing yet.
  init(limit: Int) {
    self.limit = limit
  }

  subscript(key: Key) -> Value? { young[key] ?? old[key] }

  /// Takes a value out.
  mutating func remove(_ key: Key) {
    young[key] = nil
    old[key] = nil
  }

  /// Takes a value in.
  mutating func insert(_ value: Value, for key: Key) {
    young[key] = value
    guard young.count >= limit else { return }
    old = young
    young = [:]
  }
}
