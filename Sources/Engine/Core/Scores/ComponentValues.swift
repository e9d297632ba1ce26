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

  /// Creates values for the given components; the others are missing.
  @inlinable
  public init(completion: Value? = nil, quiz: Value? = nil, quality: Value? = nil, consistency: Value? = nil) {
    self.completion = completion
    self.quiz = quiz
    self.quality = quality
    self.consistency = consistency
  }

  /// Creates a value for each component for which there is one.
  @inlinable
  public init(_ value: (Component) -> Value?) {
    self.init(
      completion: value(.completion), quiz: value(.quiz), quality: value(.quality), consistency: value(.consistency))
  }

  /// The value for `component`; nil if it is missing.
  @inlinable public subscript(component: Component) -> Value? {
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
  @inlinable public var isEmpty: Bool { completion == nil && quiz == nil && quality == nil && consistency == nil }

  /// The number of components that have a value.
  @inlinable public var count: Int {
    (completion == nil ? 0 : 1) + (quiz == nil ? 0 : 1) + (quality == nil ? 0 : 1) + (consistency == nil ? 0 : 1)
  }

  /// The components without a value, in order.
  public var missing: [Component] { Component.allCases.filter { self[$0] == nil } }

  /// The same components with transformed values.
  @inlinable public func map<Other>(_ transform: (Value) -> Other) -> ComponentValues<Other> {
    ComponentValues<Other>(
      completion: completion.map(transform), quiz: quiz.map(transform), quality: quality.map(transform),
      consistency: consistency.map(transform))
  }

  /// These values, with missing ones taken from `other`.
  func completed(by other: Self) -> Self {
    Self(
      completion: completion ?? other.completion, quiz: quiz ?? other.quiz, quality: quality ?? other.quality,
      consistency: consistency ?? other.consistency)
  }
}

extension ComponentValues: Equatable where Value: Equatable {}
extension ComponentValues: Hashable where Value: Hashable {}
extension ComponentValues: Sendable where Value: Sendable {}

extension ComponentValues {
  /// Visits the components that have a value, in order; unlike iteration it copies one value at a time.
  @inlinable
  public func visit<Failure>(_ body: (Component, Value) throws(Failure) -> Void) throws(Failure) {
    if let completion { try body(.completion, completion) }
    if let quiz { try body(.quiz, quiz) }
    if let quality { try body(.quality, quality) }
    if let consistency { try body(.consistency, consistency) }
  }
}

extension ComponentValues: Sequence {
  /// Iterates over the components that have a value, in order.
  public struct Iterator: IteratorProtocol {
    @usableFromInline let values: ComponentValues
    @usableFromInline var index = 0

    @inlinable init(_ values: ComponentValues) { self.values = values }

    /// The next component that has a value, and that value.
    @inlinable public mutating func next() -> (component: Component, value: Value)? {
      while index < Component.allCases.count {
        let component = Component.allCases[index]
        index += 1
        if let value = values[component] { return (component, value) }
      }
      return nil
    }
  }

  /// An iterator over the components that have a value, in order.
  @inlinable public func makeIterator() -> Iterator { Iterator(self) }
}
