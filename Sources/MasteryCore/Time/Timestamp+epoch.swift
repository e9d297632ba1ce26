extension Timestamp {
  /// What a number counts that stands for a time since 1970, told by its size: producers write all three.
  public enum EpochUnit: Sendable {
    /// Under 10^11, which as seconds is the year 5138.
    case seconds
    /// Under 10^14.
    case milliseconds
    /// All others.
    case microseconds

    /// The unit of a number.
    public init(of number: Double) {
      let size = abs(number)
      self = size < 1e11 ? .seconds : size < 1e14 ? .milliseconds : .microseconds
    }
  }

  /// Reads a whole number that counts from 1970, in the unit that its size tells; nil outside of the years 0000 to 9999.
  ///
  /// What is finer than a millisecond is cut off.
  public init?(epoch number: Int64) {
    switch EpochUnit(of: Double(number)) {
    case .seconds: self.init(exactly: number * 1_000)
    case .milliseconds: self.init(exactly: number)
    case .microseconds: self.init(exactly: Self.floor(number, 1_000))
    }
  }

  /// Reads a number that counts from 1970, in the unit that its size tells; nil outside of the years 0000 to 9999.
  ///
  /// A fraction of seconds is rounded to the millisecond, since few of them are what a double can hold.
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
