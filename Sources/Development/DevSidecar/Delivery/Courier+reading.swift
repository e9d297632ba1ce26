internal import Synchronization

/// Reading messages in Avro before they are delivered.
extension Courier {
  /// Reads the messages of a batch that are Avro and have not been read yet.
  ///
  /// - Returns: The numbers of the entries that only a raw subscription could have.
  /// - Throws: `AvroFailure` if one of them cannot be read.
  func read(_ batch: inout Batch) async throws(AvroFailure) -> Set<Int> {
    guard batch.subscription.isAvro, let wire = wires[batch.subscription.pubsub] else { return [] }
    for index in batch.entries.indices where batch.entries[index].read == nil {
      let random = state.withLock { RandomBits(seed: $0.random.next()) }
      batch.entries[index].read = try await wire.read(batch.entries[index].message.body, random)
    }
    guard !batch.subscription.isRaw else { return [] }
    return Set(batch.entries.filter { $0.read?.isBroken == true }.map(\.number))
  }
}
