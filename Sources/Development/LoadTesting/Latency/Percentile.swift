/// A percentile in thousandths of a per cent, so that ranks are whole numbers: 99.9 % is 99,900.
public struct Percentile: Sendable, Hashable {
  /// The median.
  public static let p50 = Percentile(50_000)
  /// 90 %.
  public static let p90 = Percentile(90_000)
  /// 95 %.
  public static let p95 = Percentile(95_000)
  /// 99 %.
  public static let p99 = Percentile(99_000)
  /// 99.9 %.
  public static let p999 = Percentile(99_900)
  /// What reports show.
  public static let shown = [p50, p90, p95, p99, p999]

  /// Thousandths of a per cent, from 0 to 100,000.
  public let thousandths: Int

  /// Creates a percentile; what lies outside of 0 to 100,000 counts as the nearer end.
  public init(_ thousandths: Int) { self.thousandths = min(max(thousandths, 0), 100_000) }

  /// The rank, from 1 on, of the value that is not below so many per cent of a number of values (the nearest-rank method).
  public func rank(among count: Int) -> Int {
    let (hundreds, rest) = count.quotientAndRemainder(dividingBy: 100_000)
    return max(1, hundreds * thousandths + (rest * thousandths + 99_999) / 100_000)
  }

  /// The name, `p99.9`.
  public var name: String {
    let (whole, rest) = thousandths.quotientAndRemainder(dividingBy: 1_000)
    guard rest > 0 else { return "p\(whole)" }
    var digits = String(1_000 + rest).dropFirst()
    while digits.hasSuffix("0") { digits.removeLast() }
    return "p\(whole).\(digits)"
  }
}
