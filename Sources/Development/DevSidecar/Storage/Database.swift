internal import CSQLite

/// A connection to a SQLite database in WAL mode.
///
/// `@unchecked Sendable`: a C handle; each database has one owner, who uses it under a lock of its own.
final class Database: @unchecked Sendable {
  private let handle: OpaquePointer

  /// Opens or creates the database at a path; `:memory:` is one that vanishes.
  init(path: String) throws(DatabaseFailure) {
    var handle: OpaquePointer?
    let opened = sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nil)
    guard opened == SQLITE_OK, let handle else {
      let message = handle.map { String(cString: sqlite3_errmsg($0)) } ?? "no memory"
      sqlite3_close_v2(handle)
      throw DatabaseFailure(message: "\(path): \(message)")
    }
    self.handle = handle
    sqlite3_busy_timeout(handle, 5000)
    try run("PRAGMA journal_mode = WAL")
    try run("PRAGMA synchronous = NORMAL")
    // A checkpoint waits for the disk: one every 32 MiB instead of every four.
    try run("PRAGMA wal_autocheckpoint = 8000")
  }

  deinit { sqlite3_close_v2(handle) }

  /// Runs statements that return no rows.
  func run(_ sql: String) throws(DatabaseFailure) {
    guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw failure }
  }

  /// Prepares a statement, to be run any number of times.
  func prepare(_ sql: String) throws(DatabaseFailure) -> Statement {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK, let statement else { throw failure }
    return Statement(statement, of: self)
  }

  /// Runs work inside one transaction; an error rolls it all back.
  func transaction<Result>(_ work: () throws(DatabaseFailure) -> Result) throws(DatabaseFailure) -> Result {
    try run("BEGIN IMMEDIATE")
    do {
      let result = try work()
      try run("COMMIT")
      return result
    } catch {
      try? run("ROLLBACK")
      throw error
    }
  }

  var failure: DatabaseFailure { DatabaseFailure(message: String(cString: sqlite3_errmsg(handle))) }
}
