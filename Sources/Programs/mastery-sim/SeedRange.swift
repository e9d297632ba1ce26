/// A range of seeds as it is written: `A..<B`.
struct SeedRange: Hashable, Sendable {
  let seeds: Range<UInt64>

  /// Reads a range; nil when it is none, or empty.
  init?(_ text: String) {
    let parts = text.split(separator: "..<", omittingEmptySubsequences: false)
    guard parts.count == 2, let first = UInt64(parts[0]), let end = UInt64(parts[1]), first < end else { return nil }
    seeds = first..<end
  }
}
