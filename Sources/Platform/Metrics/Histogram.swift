internal import Synchronization

/// A family of distributions: how many values there were up to each bound.
public final class Histogram<Labels: MetricLabels>: MetricFamily {
  /// A value that stands for the others of its bucket, and the trace in which it was seen.
  private struct Exemplar {
    let trace: String
    let value: Double
  }

  private struct Buckets {
    /// How many values there were above the bound before and up to this one; the last is above all bounds.
    var counts: [Int]
    var exemplars: [Exemplar?]
    var sum = 0.0

    init(_ number: Int) {
      counts = Array(repeating: 0, count: number)
      exemplars = Array(repeating: nil, count: number)
    }
  }

  /// The name, kind and labels.
  public let declaration: MetricDeclaration
  /// The upper bounds of the buckets, rising.
  public let bounds: [Double]
  private let distributions = Mutex<[Labels: Buckets]>([:])

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
  public func observe(_ value: Double, times number: Int = 1, _ labels: Labels, trace: String? = nil) {
    guard number > 0 else { return }
    let value = max(value, 0)
    distributions.withLock { distributions in
      Self.count(value, number, bounds, trace, in: &distributions[labels, default: Buckets(bounds.count + 1)])
    }
  }

  /// Counts several values.
  public func observe(each values: some Sequence<Double>, _ labels: Labels) {
    distributions.withLock { distributions in
      for value in values { Self.count(max(value, 0), 1, bounds, nil, in: &distributions[labels, default: Buckets(bounds.count + 1)]) }
    }
  }

  private static func count(_ value: Double, _ number: Int, _ bounds: [Double], _ trace: String?, in buckets: inout Buckets) {
    var place = 0
    while place < bounds.count, bounds[place] < value { place += 1 }
    buckets.counts[place] += number
    buckets.sum += value * Double(number)
    if let trace { buckets.exemplars[place] = Exemplar(trace: trace, value: value) }
  }

  /// Writes the buckets, the sum and the number for each of the labels.
  public func write(to exposition: inout Exposition) {
    exposition.begin(declaration)
    let names = declaration.labels + ["le"]
    for (labels, buckets) in distributions.withLock(\.self).map({ ($0.values, $1) }).sorted(by: { $0.0.lexicographicallyPrecedes($1.0) }) {
      var total = 0
      for (place, count) in buckets.counts.enumerated() {
        total += count
        let exemplar = buckets.exemplars[place].map { (trace: $0.trace, value: $0.value) }
        let bound = place < bounds.count ? bounds[place].description : "+Inf"
        exposition.sample("_bucket", names, labels + [bound], Double(total), exemplar)
      }
      exposition.sample("_sum", declaration.labels, labels, buckets.sum)
      exposition.sample("_count", declaration.labels, labels, Double(total))
    }
  }
}

extension Histogram where Labels == NoLabels {
  /// Creates a family without labels, which has its samples from the beginning.
  public convenience init(_ name: String, _ help: String, bounds: [Double]) {
    self.init(name, help, labels: [], bounds: bounds)
    distributions.withLock { $0[NoLabels()] = Buckets(bounds.count + 1) }
  }

  /// Counts a value, or the same one several times.
  public func observe(_ value: Double, times number: Int = 1, trace: String? = nil) {
    observe(value, times: number, NoLabels(), trace: trace)
  }

  /// Counts several values.
  public func observe(each values: some Sequence<Double>) { observe(each: values, NoLabels()) }
}
