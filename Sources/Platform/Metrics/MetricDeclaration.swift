/// What a family of metrics is called, what it counts, and by which labels.
public struct MetricDeclaration: Hashable, Sendable {
  /// How the samples of a family behave.
  public enum Kind: String, Sendable {
    /// A sum that only grows while the process lives.
    case counter
    /// A value that goes up and down.
    case gauge
    /// How many values there were up to each bound, their number and their sum.
    case histogram
  }

  /// The name, with its unit; that of a counter ends in `_total`.
  public let name: String
  /// How the samples behave.
  public let kind: Kind
  /// What is counted, in one sentence.
  public let help: String
  /// The names of the labels, in the order of their values.
  public let labels: [String]

  /// Declares a family.
  public init(_ name: String, _ kind: Kind, _ help: String, labels: [String] = []) {
    self.name = name
    self.kind = kind
    self.help = help
    self.labels = labels
  }
}

/// A family of samples that can be read at any time.
public protocol MetricFamily: Sendable {
  /// Its name, kind and labels.
  var declaration: MetricDeclaration { get }
  /// Writes its present samples.
  func write(to exposition: inout Exposition)
}
