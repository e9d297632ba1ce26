/// At most one value for each component.
public struct ComponentValues<Value> {
  /// The value for completion.
  public var completion: Value?
  /// The value for quizzes.
  public var quiz: Value?
  /// The value for quality.
  public var quality: Value?
  /// The value for consistency.
  public var consistency: Value?

  /// Holds the given values; the others are missing.
  public init(completion: Value? = nil, quiz: Value? = nil, quality: Value? = nil, consistency: Value? = nil) {
    self.completion = completion
    self.quiz = quiz
    self.quality = quality
    self.consistency = consistency
  }

  /// The value for `component`, nil where it is missing.
  public subscript(component: Component) -> Value? {
    get {
      switch component {
      case .completion: completion
      case .quiz: quiz
      case .quality: quality
      case .consistency: consistency
      }
    }
    set {
      switch component {
      case .completion: completion = newValue
      case .quiz: quiz = newValue
      case .quality: quality = newValue
      case .consistency: consistency = newValue
      }
    }
  }

  /// Whether no component has a value.
  public var isEmpty: Bool { completion == nil && quiz == nil && quality == nil && consistency == nil }

  /// The components without a value, in order.
  public var missing: [Component] { Component.allCases.filter { self[$0] == nil } }

  /// The same components with their values transformed.
  public func map<Other>(_ transform: (Value) -> Other) -> ComponentValues<Other> {
    ComponentValues<Other>(
      completion: completion.map(transform), quiz: quiz.map(transform), quality: quality.map(transform),
      consistency: consistency.map(transform))
  }

  /// These values, with those of `other` where one is missing.
  func completed(by other: Self) -> Self {
    Self(
      completion: completion ?? other.completion, quiz: quiz ?? other.quiz, quality: quality ?? other.quality,
      consistency: consistency ?? other.consistency)
  }
}

extension ComponentValues: Equatable where Value: Equatable {}
extension ComponentValues: Hashable where Value: Hashable {}
extension ComponentValues: Sendable where Value: Sendable {}

extension ComponentValues: Sequence {
  /// Walks the components that have a value, in order.
  public struct Iterator: IteratorProtocol {
    private let values: ComponentValues
    private var components = Component.allCases.makeIterator()

    init(_ values: ComponentValues) { self.values = values }

    /// The next component that has a value, with it.
    public mutating func next() -> (component: Component, value: Value)? {
      while let component = components.next() {
        if let value = values[component] { return (component, value) }
      }
      return nil
    }
  }

  /// An iterator over the components that have a value, in order.
  public func makeIterator() -> Iterator { Iterator(self) }
}
