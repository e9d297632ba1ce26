public import Synchronization

/// A family of sums that only grow.
public final class Counter<Labels: MetricLabels>: MetricFamily {
  /// The name, kind and labels.
  public let declaration: MetricDeclaration
  @usableFromInline let sums: Mutex<[Labels: Double]>

  /// Creates a family.
  ///
  /// - Parameters:
  ///   - name: The name, ending in `_total`.
  ///   - help: What is counted, in one sentence.
  ///   - labels: The names of the labels.
  ///   - known: The labels that have a sample from the beginning: whoever watches the increase sees the first one too.
  public init(_ name: String, _ help: String, labels: [String], known: [Labels] = []) {
    declaration = MetricDeclaration(name, .counter, help, labels: labels)
    sums = Mutex(Dictionary(known.map { ($0, 0) }) { first, _ in first })
  }

  /// Adds a number that is not negative.
  @inlinable public func add(_ number: Double, _ labels: Labels) {
    sums.withLock { $0[labels, default: 0] += number }
  }

  /// Adds a whole number that is not negative; 0 makes no sample.
  @inlinable public func add(_ number: Int = 1, _ labels: Labels) {
    guard number > 0 else { return }
    add(Double(number), labels)
  }

  /// Adds one for each of the labels.
  public func add(each labels: [Labels]) {
    sums.withLock { sums in for labels in labels { sums[labels, default: 0] += 1 } }
  }

  /// Writes a sample for each of the labels.
  public func write(to exposition: inout Exposition) {
    exposition.begin(declaration)
    for (labels, sum) in sums.withLock(\.self).sortedByLabels {
      exposition.sample("_total", declaration.labels, labels, sum)
    }
  }
}

extension Counter where Labels == NoLabels {
  /// Creates a family without labels.
  public convenience init(_ name: String, _ help: String) { self.init(name, help, labels: [], known: [NoLabels()]) }

  /// Adds a whole number that is not negative.
  public func add(_ number: Int = 1) { add(number, NoLabels()) }

  /// Adds a number that is not negative.
  public func add(_ number: Double) { add(number, NoLabels()) }
}
