internal import Synchronization

/// Hands a reading to the task that settles it, which becomes its only owner.
final class FoldHandover: Sendable {
  private let reading: Mutex<FoldReading>

  init(_ reading: FoldReading) {
    self.reading = Mutex(reading)
  }

  /// Takes the reading; it is empty afterwards.
  func take() -> FoldReading {
    reading.withLock { reading in
      defer { reading = FoldReading(found: [], someAnswered: false) }
      return reading
    }
  }
}
