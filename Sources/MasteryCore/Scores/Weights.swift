/// The share of mastery that each component makes up; together they make 1.
public struct Weights: Hashable, Sendable {
  /// The weights that hold unless a request says otherwise.
  public static let standard = Self(
    values: ComponentValues(
      completion: Component.completion.weight, quiz: Component.quiz.weight, quality: Component.quality.weight,
      consistency: Component.consistency.weight))

  private let values: ComponentValues<Double>

  private init(values: ComponentValues<Double>) { self.values = values }

  /// How far the sum of given weights may be from 1: what few decimals leave.
  private static let tolerance = 1e-6

  /// Takes four weights, each 0…1, whose sum is 1 within 1e-6, and brings the sum to 1.
  ///
  /// - Throws: `OutOfRange` for the first weight outside of 0…1 (named like its component), or for the sum (named `weights`).
  public init(completion: Double, quiz: Double, quality: Double, consistency: Double) throws(OutOfRange) {
    let given = ComponentValues(completion: completion, quiz: quiz, quality: quality, consistency: consistency)
    for (component, weight) in given {
      try OutOfRange.unless((0...1).contains(weight), component.rawValue, weight, "a number from 0 to 1")
    }
    let sum = completion + quiz + quality + consistency
    try OutOfRange.unless(abs(sum - 1) <= Self.tolerance, "weights", sum, "a sum of 1")
    values = abs(sum - 1) <= 1e-9 ? given : given.map { $0 / sum }
  }

  /// The weight of `component`.
  public subscript(component: Component) -> Double { values[component] ?? 0 }
}
