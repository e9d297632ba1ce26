import LoadTesting

/// Who took the processors since it was made.
struct ProcessorClock: Sendable {
  private let began = Monotonic.microseconds
  private let busy = ProcessFigures.busyTime
  private let own = Measured.processorTime()

  /// Shares of one processor in per cent.
  ///
  /// - Parameter engine: Processor time of the engine meanwhile, in microseconds.
  /// - Returns: The engine's, and that of all programs but engine and bench.
  func shares(engine: Int) -> (engine: Double?, others: Double?) {
    let seconds = Double(max(1, Monotonic.microseconds - began)) / 1e6
    let others = ProcessFigures.busyTime - busy - Double(Measured.processorTime() - own + engine) / 1e6
    return (Double(engine) / 1e4 / seconds, max(0, others * 100 / seconds))
  }
}
