/// How many values there were up to each bound; not generic, since it is asked once for each event.
@usableFromInline
struct Distribution {
  /// A value that stands for the others of its bucket, and the trace in which it was seen.
  typealias Exemplar = (trace: String, value: Double)

  private let bounds: [Double]
  /// How many values there were above the bound before and up to this one; the last is above all bounds.
  private(set) var counts: [Int]
  /// The latest value of each bucket that was seen in a trace.
  private(set) var exemplars: [Exemplar?]
  private(set) var sum = 0.0

  /// Creates a distribution without values.
  @usableFromInline
  init(_ bounds: [Double]) {
    self.bounds = bounds
    counts = Array(repeating: 0, count: bounds.count + 1)
    exemplars = Array(repeating: nil, count: bounds.count + 1)
  }

  /// Counts a value that often; less than nothing counts as nothing.
  @usableFromInline
  mutating func add(_ value: Double, _ number: Int, _ trace: String?) {
    let value = max(value, 0)
    var place = 0
    while place < bounds.count, bounds[place] < value { place += 1 }
    counts[place] += number
    sum += value * Double(number)
    if let trace { exemplars[place] = (trace, value) }
  }

  /// Counts several values.
  mutating func add(_ values: [Double]) {
    for value in values { add(value, 1, nil) }
  }
}
