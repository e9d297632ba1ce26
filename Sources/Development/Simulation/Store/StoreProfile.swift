/// A state store whose behaviour behind a sidecar was recorded.
public enum StoreProfile: String, CaseIterable, Sendable {
  /// The sidecar's own in-memory store.
  case memory
  /// SQLite.
  case sqlite
  /// Redis: ETags are counters that restart with the key, and a write with an ETag succeeds if the key is gone.
  case redis
  /// PostgreSQL.
  case postgres

  /// Whether a first write over an existing value fails with 500 instead of 409.
  var failsFirstWrites: Bool { self == .redis || self == .postgres }

  /// Whether a write with an ETag succeeds if the key is gone.
  var writesUnderLostETags: Bool { self == .redis }

  /// Whether ETags count the writes of a key.
  var countsWrites: Bool { self == .redis }

  /// Whether a bulk read answers 200 while the store is down, with an error for each key.
  var hidesOutages: Bool { self == .redis }
}
