import Glibc

/// A figure, and its floor from the same run.
struct Measured {
  let figure: Double
  let floor: Double

  init(figure: Double, floor: Double) {
    self.figure = figure
    self.floor = floor
  }

  /// The processor time of a floor, then of the work, each over that many pieces, in microseconds per piece.
  init(count: Int, floor: () async -> Void, work: () async -> Void) async {
    let before = Self.processorTime()
    await floor()
    let between = Self.processorTime()
    await work()
    let after = Self.processorTime()
    self.init(figure: Double(after - between) / Double(count), floor: Double(between - before) / Double(count))
  }

  /// The processor time of this process so far, in microseconds.
  static func processorTime() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1_000_000 + Int(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
  }
}

extension [Measured] {
  /// Median figure, median floor, and the median of their ratios.
  var medians: [Double] {
    [map(\.figure), map(\.floor), map { $0.figure / Swift.max($0.floor, 0.001) }].map { $0.sorted()[count / 2] }
  }
}
