/// The potential gain of a recommendation.
public enum Priority: String, CaseIterable, Hashable, Sendable {
  /// A gain of 0.12 or more.
  case high
  /// A gain of 0.05 or more.
  case medium
  /// A smaller gain.
  case low

  /// The priority of a gain in billionths.
  static func of(gain billionths: Int64) -> Self {
    switch billionths {
    case 120_000_000...: .high
    case 50_000_000...: .medium
    default: .low
    }
  }
}
