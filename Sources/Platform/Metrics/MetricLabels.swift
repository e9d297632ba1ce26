/// The labels of one sample; there must be few different ones, since each is kept for as long as the process lives.
public protocol MetricLabels: Hashable, Sendable {
  /// The values, in the order of the declared names.
  var values: [String] { get }
}

/// The labels of a family that has none.
public struct NoLabels: MetricLabels {
  /// Creates them.
  public init() {}

  /// No values.
  public var values: [String] { [] }
}

/// A label with the cases of an enumeration as its values.
extension MetricLabels where Self: RawRepresentable, RawValue == String {
  /// The case's name.
  public var values: [String] { [rawValue] }
}

extension Dictionary where Key: MetricLabels {
  /// The values with their labels' own values, in the order of these: a text that is always the same can be compared.
  var sortedByLabels: [(labels: [String], value: Value)] {
    map { (labels: $0.values, value: $1) }.sorted { $0.labels.lexicographicallyPrecedes($1.labels) }
  }
}
