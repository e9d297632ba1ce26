/// A histogram of latencies in microseconds with bounded relative error, in a few kilobytes however many are recorded.
///
/// As in HdrHistogram, buckets are as wide as a fixed share of their values: exact below 256 µs, and above it 1/256 of the value at most. The
/// open model's latency, from the scheduled time of an arrival to its answer, goes in, so there is nothing to correct for omissions.
public struct LatencyHistogram: Sendable, Hashable {
  /// A value is told apart from another one that differs by more than 2^-8 of it.
  public static let precisionBits = 8

  /// Number of values by bucket, as far as needed.
  private var buckets: [Int] = []
  /// Number of values.
  public private(set) var count = 0
  /// The smallest value, 0 without any.
  public private(set) var minimum = 0
  /// The largest value, 0 without any.
  public private(set) var maximum = 0
  private var sum = 0.0

  /// An empty histogram.
  public init() {}

  /// Records a latency; a negative one counts as 0.
  public mutating func record(_ microseconds: Int) {
    let value = max(0, microseconds)
    let bucket = Self.bucket(of: value)
    if bucket >= buckets.count { buckets.append(contentsOf: repeatElement(0, count: bucket + 1 - buckets.count)) }
    buckets[bucket] += 1
    minimum = count == 0 ? value : min(minimum, value)
    maximum = max(maximum, value)
    sum += Double(value)
    count += 1
  }

  /// Adds all values of another histogram.
  public mutating func merge(_ other: LatencyHistogram) {
    guard other.count > 0 else { return }
    if other.buckets.count > buckets.count {
      buckets.append(contentsOf: repeatElement(0, count: other.buckets.count - buckets.count))
    }
    for (bucket, number) in other.buckets.enumerated() { buckets[bucket] += number }
    minimum = count == 0 ? other.minimum : min(minimum, other.minimum)
    maximum = max(maximum, other.maximum)
    sum += other.sum
    count += other.count
  }

  /// The mean in microseconds, 0 without values.
  public var mean: Double { count == 0 ? 0 : sum / Double(count) }

  /// The value of a percentile in microseconds, at most 1/256 above the exact one and never below it; 0 without values.
  public func value(at percentile: Percentile) -> Int {
    guard count > 0 else { return 0 }
    var left = percentile.rank(among: count)
    for (bucket, number) in buckets.enumerated() {
      left -= number
      if left <= 0 { return min(Self.last(of: bucket), maximum) }
    }
    return maximum
  }

  /// The number of values at most so large; values of the same bucket count as if they were equal.
  public func count(upTo microseconds: Int) -> Int {
    guard microseconds >= 0 else { return 0 }
    return buckets.prefix(Self.bucket(of: microseconds) + 1).reduce(0, +)
  }

  /// The bucket of a value: values below 2^8 have one each, each doubling above it has 2^8 buckets.
  private static func bucket(of value: Int) -> Int {
    let magnitude = Int.bitWidth - value.leadingZeroBitCount - 1
    let shift = max(0, magnitude - precisionBits)
    return (shift << precisionBits) + (value >> shift)
  }

  /// The largest value of a bucket.
  private static func last(of bucket: Int) -> Int {
    let shift = max(0, (bucket >> precisionBits) - 1)
    let lead = bucket - (shift << precisionBits)
    // The last bucket ends with the largest number, where the sum is one too many.
    return ((lead + 1) << shift) &- 1
  }
}
