/// A topic as its brokers keep it: the offset of each partition, whoever reads it.
struct TopicLog: Sendable {
  private(set) var offsets: [Int64]
  /// Accepted messages, not counting dead letters.
  var published = 0
  private var turn = 0

  init(partitions: Int) {
    offsets = Array(repeating: 0, count: partitions)
  }

  /// The partition for a key (FNV-1a); without a key, each in turn.
  mutating func partition(for key: String?) -> Int {
    guard let key else {
      turn += 1
      return turn % offsets.count
    }
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in key.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return Int(truncatingIfNeeded: (hash >> 33) % UInt64(offsets.count))
  }

  /// Takes the next offset of a partition.
  mutating func offset(in partition: Int) -> Int64 {
    offsets[partition] += 1
    return offsets[partition] - 1
  }

  /// Continues a partition's count from before a restart.
  mutating func restore(_ offset: Int64, of partition: Int) {
    guard offsets.indices.contains(partition) else { return }
    offsets[partition] = max(offsets[partition], offset)
  }
}
