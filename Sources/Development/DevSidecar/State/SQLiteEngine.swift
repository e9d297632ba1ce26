internal import Encodings

/// Entries in a SQLite table; a value of the type `TEXT` is the base64 of the real one.
struct SQLiteEngine: StateEngine {
  private let database: Database
  private let select: Statement
  private let upsert: Statement
  private let delete: Statement
  private let expire: Statement

  init(path: String) throws(DatabaseFailure) {
    database = try Database(path: path)
    try database.run(
      "CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value BLOB NOT NULL, high INTEGER, low INTEGER, expires INTEGER)")
    try database.run("CREATE INDEX IF NOT EXISTS state_expires ON state (expires) WHERE expires IS NOT NULL")
    select = try database.prepare("SELECT value, high, low, expires FROM state WHERE key = ?")
    upsert = try database.prepare(
      """
      INSERT INTO state (key, value, high, low, expires) VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE
      SET value = excluded.value, high = excluded.high, low = excluded.low, expires = excluded.expires
      """)
    delete = try database.prepare("DELETE FROM state WHERE key = ?")
    expire = try database.prepare("DELETE FROM state WHERE expires IS NOT NULL AND expires <= ?")
  }

  func entry(_ key: String) throws(DatabaseFailure) -> StateEntry? {
    select.bind(1, key)
    defer { select.reset() }
    guard try select.step() else { return nil }
    let version = Bits128(high: UInt64(bitPattern: select.integer(1)), low: UInt64(bitPattern: select.integer(2)))
    var entry = StateEntry(value: select.bytes(0), version: version, expires: select.isNull(3) ? nil : select.integer(3))
    guard select.isText(0) else { return entry }
    guard let value = Base64.decode(entry.value) else { throw DatabaseFailure(message: "the value of \(key) is no base64") }
    (entry.value, entry.isBinary) = (value, true)
    return entry
  }

  func put(_ entry: StateEntry, under key: String) throws(DatabaseFailure) {
    upsert.bind(1, key)
    if entry.isBinary {
      upsert.bind(2, String(decoding: Base64.encode(entry.value), as: UTF8.self))
    } else {
      upsert.bind(2, entry.value)
    }
    upsert.bind(3, Int64(bitPattern: entry.version.high))
    upsert.bind(4, Int64(bitPattern: entry.version.low))
    if let expires = entry.expires { upsert.bind(5, expires) } else { upsert.bindNull(5) }
    try upsert.run()
  }

  func remove(_ key: String) throws(DatabaseFailure) {
    delete.bind(1, key)
    try delete.run()
  }

  func sweep(before now: Int64) throws(DatabaseFailure) {
    expire.bind(1, now)
    try expire.run()
  }

  func begin() throws(DatabaseFailure) { try database.run("BEGIN IMMEDIATE") }

  func commit() throws(DatabaseFailure) { try database.run("COMMIT") }

  func rollBack() { try? database.run("ROLLBACK") }
}
