public import Synchronization

/// A family of distributions: how many values there were up to each bound.
public final class Histogram<Labels: MetricLabels>: MetricFamily {
  /// The name, kind and labels.
  public let declaration: MetricDeclaration
  /// The upper bounds of the buckets, rising.
  public let bounds: [Double]
  @usableFromInline let distributions = Mutex<[Labels: Distribution]>([:])

  /// Creates a family without samples.
  ///
  /// - Parameters:
  ///   - name: The name, with its unit.
  ///   - help: What is measured, in one sentence.
  ///   - labels: The names of the labels.
  ///   - bounds: The upper bounds of the buckets, rising.
  public init(_ name: String, _ help: String, labels: [String], bounds: [Double]) {
    declaration = MetricDeclaration(name, .histogram, help, labels: labels)
    self.bounds = bounds
  }

  /// Counts a value, or the same one several times.
  ///
  /// - Parameters:
  ///   - value: The value; less than nothing counts as nothing.
  ///   - number: How often it was seen.
  ///   - labels: The labels.
  ///   - trace: The id of the trace in which it was seen, if there is one.
  @inlinable public func observe(_ value: Double, times number: Int = 1, _ labels: Labels, trace: String? = nil) {
    guard number > 0 else { return }
    distributions.withLock { $0[labels, default: Distribution(bounds)].add(value, number, trace) }
  }

  /// Counts several values.
  public func observe(each values: [Double], _ labels: Labels) {
    distributions.withLock { $0[labels, default: Distribution(bounds)].add(values) }
  }

  /// Writes the buckets, the sum and the number for each of the labels.
  public func write(to exposition: inout Exposition) {
    exposition.begin(declaration)
    let names = declaration.labels + ["le"]
    for (labels, distribution) in distributions.withLock(\.self).sortedByLabels {
      var total = 0
      for (place, count) in distribution.counts.enumerated() {
        total += count
        let bound = place < bounds.count ? bounds[place].description : "+Inf"
        exposition.sample("_bucket", names, labels + [bound], Double(total), distribution.exemplars[place])
      }
      exposition.sample("_sum", declaration.labels, labels, distribution.sum)
      exposition.sample("_count", declaration.labels, labels, Double(total))
    }
  }
}

extension Histogram where Labels == NoLabels {
  /// Creates a family without labels, which has its samples from the beginning.
  public convenience init(_ name: String, _ help: String, bounds: [Double]) {
    self.init(name, help, labels: [], bounds: bounds)
    distributions.withLock { $0[NoLabels()] = Distribution(bounds) }
  }

  /// Counts a value, or the same one several times.
  public func observe(_ value: Double, times number: Int = 1, trace: String? = nil) {
    observe(value, times: number, NoLabels(), trace: trace)
  }

  /// Counts several values.
  public func observe(each values: [Double]) { observe(each: values, NoLabels()) }
}
