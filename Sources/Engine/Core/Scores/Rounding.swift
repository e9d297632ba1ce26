/// All rounding for display and decisions, done on whole billionths so that binary noise never tips a half or a threshold.
public enum Rounding {
  /// `value` rounded to `decimals` decimal places (0 to 9), halves away from zero.
  ///
  /// The value is rounded to the nearest billionth first: 0.0125 that arrives as 0.012499999999999999 still rounds to 0.013.
  @inlinable
  public static func decimals(_ decimals: Int, of value: Double) -> Double {
    var unit: Int64 = 1_000_000_000
    var scale: Int64 = 1
    for _ in 0..<decimals {
      unit /= 10
      scale *= 10
    }
    let whole = billionths(value)
    let magnitude = (abs(whole) + unit / 2) / unit
    return Double(whole < 0 ? -magnitude : magnitude) / Double(scale)
  }

  /// `value` in whole billionths, halves away from zero; values beyond ±4 billion are clamped, and NaN becomes 0.
  @inlinable
  static func billionths(_ value: Double) -> Int64 {
    guard !value.isNaN else { return 0 }
    return Int64((min(max(value, -4e9), 4e9) * 1e9).rounded(.toNearestOrAwayFromZero))
  }

  /// `value`, not negative, rounded up to the next multiple of `step`.
  static func up(_ value: Double, toMultipleOf step: Int) -> Int {
    let unit = Int64(step) * 1_000_000_000
    return Int((billionths(value) + unit - 1) / unit) * step
  }
}
