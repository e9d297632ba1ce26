/// How long after each outage there was still trouble.
public struct Recovery: Sendable, Hashable {
  private let outages: [Outage]
  /// The last trouble of each outage, until the next begins.
  private var last: [Int?]

  /// No trouble yet; outages are in order and do not overlap.
  public init(_ outages: [Outage]) {
    self.outages = outages
    last = outages.map { _ in nil }
  }

  /// Notes trouble at a time; before the first outage it belongs to none.
  public mutating func note(_ time: Int) {
    guard let index = outages.lastIndex(where: { $0.begin <= time }) else { return }
    last[index] = max(last[index] ?? time, time)
  }

  /// Microseconds from an outage's end to the last trouble, 0 if there was none after it.
  public func time(after outage: Int) -> Int {
    guard outages.indices.contains(outage), let last = last[outage] else { return 0 }
    return max(0, last - outages[outage].end)
  }
}
