extension Timestamp {
  /// The unit of a number that represents a time since 1970, inferred from its size, because producers use all three.
  public enum EpochUnit: Sendable {
    /// Numbers under 10^11, which in seconds is the year 5138.
    case seconds
    /// Numbers under 10^14.
    case milliseconds
    /// All larger numbers.
    case microseconds

    /// The unit of a number.
    public init(of number: Double) {
      let size = abs(number)
      self = size < 1e11 ? .seconds : size < 1e14 ? .milliseconds : .microseconds
    }
  }

  /// Reads a whole number that counts from 1970, in the unit that its size implies; nil outside the years 0000 to 9999.
  ///
  /// Anything finer than a millisecond is cut off.
  public init?(epoch number: Int64) {
    switch EpochUnit(of: Double(number)) {
    case .seconds: self.init(exactly: number * 1_000)
    case .milliseconds: self.init(exactly: number)
    case .microseconds: self.init(exactly: Self.floor(number, 1_000))
    }
  }

  /// Reads a number that counts from 1970, in the unit that its size implies; nil outside the years 0000 to 9999.
  ///
  /// A fraction of a second is rounded to the millisecond, because a double cannot hold most fractions exactly.
  public init?(epoch number: Double) {
    if let whole = Int64(exactly: number) {
      self.init(epoch: whole)
      return
    }
    let milliseconds =
      switch EpochUnit(of: number) {
      case .seconds: (number * 1_000).rounded()
      case .milliseconds: number.rounded(.down)
      case .microseconds: (number / 1_000).rounded(.down)
      }
    guard let whole = Int64(exactly: milliseconds) else { return nil }
    self.init(exactly: whole)
  }

  private static func floor(_ number: Int64, _ divisor: Int64) -> Int64 {
    let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
