/// Entries in a dictionary, gone with the process.
struct MemoryEngine: StateEngine {
  private var entries: [String: StateEntry] = [:]

  func entry(_ key: String) -> StateEntry? { entries[key] }

  mutating func put(_ entry: StateEntry, under key: String) { entries[key] = entry }

  mutating func remove(_ key: String) { entries[key] = nil }

  mutating func sweep(before now: Int64) {
    // Checked before anything is copied: usually there is nothing to do.
    guard entries.contains(where: { !$0.value.isLive(at: now) }) else { return }
    entries = entries.filter { $0.value.isLive(at: now) }
  }

  // A dictionary never fails halfway, so there is nothing to group.
  func begin() {}
  func commit() {}
  func rollBack() {}
}
