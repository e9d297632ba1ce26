/// The mastery computed from the four components.
public struct Mastery: Hashable, Sendable {
  /// The component scores; a missing one counts as 0.
  public let components: ComponentValues<Score>
  /// The share of each component.
  public let weights: Weights
  /// The sum of weight times score, 0…1, not rounded.
  public let value: Double

  /// Weighs `components` with `weights`.
  public init(components: ComponentValues<Score>, weights: Weights = .standard) {
    self.components = components
    self.weights = weights
    value = min(components.reduce(0) { $0 + weights[$1.component] * $1.value.value }, 1)
  }

  /// The value rounded to 3 decimals for display.
  public var shown: Double { Rounding.decimals(3, of: value) }

  /// The level that the value reaches.
  public var level: Level { Level.of(value) }

  /// The components without evidence, which count as 0.
  public var missing: [Component] { components.missing }

  /// How much `component` adds to the value.
  public func contribution(of component: Component) -> Double {
    weights[component] * (components[component]?.value ?? 0)
  }
}
