/// How often the account of an event was corrected: a whole number, 0 for the first account, at most 2^31 − 1.
public struct Correction: Hashable, Comparable, Sendable {
  /// The numbers that there are.
  public static let numbers = 0...Int(Int32.max)

  /// The first account of an event.
  public static let none = Self(checked: 0)

  private let held: Int32

  /// The number.
  public var number: Int { Int(held) }

  /// Creates a correction, or returns nil if there is no such number.
  public init?(_ number: Int) {
    guard Self.numbers.contains(number) else { return nil }
    self.init(checked: Int32(number))
  }

  private init(checked number: Int32) { held = number }

  /// Orders corrections by their number.
  public static func < (left: Self, right: Self) -> Bool { left.held < right.held }
}
