import Foundation

/// Worlds that were never checked before: known worlds break no law.
enum FreshWorlds {
  /// The environment variable that names a commit in hexadecimal digits; each commit has worlds of its own.
  private static let variable = "FRESH_WORLDS_OF"
  /// The number of digits that make a seed: enough that commits do not overlap, and far below the largest seed.
  private static let digits = 12
  private static let count: UInt64 = 350

  /// Their seeds; nil if no commit is named.
  static let seeds: Range<UInt64>? = {
    let name = ProcessInfo.processInfo.environment[variable] ?? ""
    guard name.count >= digits, let first = UInt64(name.prefix(digits), radix: 16) else { return nil }
    return first..<first + count
  }()
}
