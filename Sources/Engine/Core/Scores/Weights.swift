/// The share of mastery of each component; together they make 1.
public struct Weights: Hashable, Sendable {
  /// The weights used unless a request gives others.
  public static let standard = Self(
    values: ComponentValues(
      completion: Component.completion.weight, quiz: Component.quiz.weight, quality: Component.quality.weight,
      consistency: Component.consistency.weight))

  private let values: ComponentValues<Double>

  private init(values: ComponentValues<Double>) { self.values = values }

  /// How far the sum of given weights may be from 1, to allow for weights with few decimals.
  private static let tolerance = 1e-6

  /// Creates weights from four values, each 0…1, whose sum is 1 within 1e-6, and scales them to a sum of 1.
  ///
  /// - Throws: `OutOfRange` for the first weight outside 0…1 (named like its component), or for the sum (named `weights`).
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
