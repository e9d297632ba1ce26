/// A range of seeds, written as `A..<B`.
struct SeedRange: Hashable, Sendable {
  let seeds: Range<UInt64>

  /// Parses a range; nil if the text is not a range that has seeds, or has too many to be counted.
  init?(_ text: String) {
    let parts = text.split(separator: "..<", omittingEmptySubsequences: false)
    guard parts.count == 2, let first = UInt64(parts[0]), let end = UInt64(parts[1]), first < end,
      Int(exactly: end - first) != nil
    else { return nil }
    seeds = first..<end
  }
}
