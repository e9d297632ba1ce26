/// A storage for entries.
///
/// Used by one caller at a time; a group of changes is kept as a whole or, if the engine fails, not at all.
protocol StateEngine: Sendable {
  func entry(_ key: String) throws(DatabaseFailure) -> StateEntry?
  mutating func put(_ entry: StateEntry, under key: String) throws(DatabaseFailure)
  mutating func remove(_ key: String) throws(DatabaseFailure)
  /// Removes entries that ended before a time.
  mutating func sweep(before now: Int64) throws(DatabaseFailure)
  mutating func begin() throws(DatabaseFailure)
  mutating func commit() throws(DatabaseFailure)
  mutating func rollBack()
}
