/// The share of mastery that each component makes up; together they make 1.
public struct Weights: Hashable, Sendable {
  /// The weights that hold unless a request says otherwise.
  public static let standard = Self(
    values: ComponentValues(
      completion: Component.completion.weight, quiz: Component.quiz.weight, quality: Component.quality.weight,
      consistency: Component.consistency.weight))

  private let values: ComponentValues<Double>

  private init(values: ComponentValues<Double>) { self.values = values }

  /// Takes four weights, each 0…1, whose sum is 1 within 1e-9.
  ///
  /// - Throws: `OutOfRange` for the first weight outside of 0…1 (named like its component), or for the sum (named `weights`).
  public init(completion: Double, quiz: Double, quality: Double, consistency: Double) throws(OutOfRange) {
    values = ComponentValues(completion: completion, quiz: quiz, quality: quality, consistency: consistency)
    for (component, weight) in values {
      try OutOfRange.unless((0...1).contains(weight), component.rawValue, weight, "a number from 0 to 1")
    }
    let sum = completion + quiz + quality + consistency
    try OutOfRange.unless(abs(sum - 1) <= 1e-9, "weights", sum, "a sum of 1")
  }

  /// The weight of `component`.
  public subscript(component: Component) -> Double { values[component] ?? 0 }
}
