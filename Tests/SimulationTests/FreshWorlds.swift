import Foundation

/// Worlds that nobody has looked at: the ones that were looked at are green.
enum FreshWorlds {
  /// Names a commit, in hexadecimal digits; each commit has worlds of its own.
  private static let variable = "FRESH_WORLDS_OF"
  /// This many digits make a seed: enough that no two commits meet, and far from where seeds end.
  private static let digits = 12
  private static let count: UInt64 = 350

  /// Their seeds; nil if no commit is named.
  static let seeds: Range<UInt64>? = {
    let name = ProcessInfo.processInfo.environment[variable] ?? ""
    guard name.count >= digits, let first = UInt64(name.prefix(digits), radix: 16) else { return nil }
    return first..<first + count
  }()
}
