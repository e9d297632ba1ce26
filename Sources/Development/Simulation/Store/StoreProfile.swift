/// The state stores whose behaviour behind a sidecar was recorded.
public enum StoreProfile: String, CaseIterable, Sendable {
  /// In the sidecar's own memory.
  case memory
  /// SQLite.
  case sqlite
  /// Redis: ETags are counters that restart with the key, and an ETag for a key that is gone is no obstacle.
  case redis
  /// PostgreSQL.
  case postgres

  /// Whether a first write over an existing value is 500 instead of 409.
  var failsFirstWrites: Bool { self == .redis || self == .postgres }

  /// Whether a value is written under an ETag if the key is gone.
  var writesUnderLostETags: Bool { self == .redis }

  /// Whether ETags count the writes of a key.
  var countsWrites: Bool { self == .redis }

  /// Whether a bulk read answers 200 while the store is down, with an error for each key.
  var hidesOutages: Bool { self == .redis }
}
