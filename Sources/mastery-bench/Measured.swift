import Glibc

/// The processor time of one piece of work, and of the floor beside it, in microseconds a piece.
struct Measured {
  let cost: Double
  let floor: Double

  /// Measures a floor, then the work, each over so many pieces.
  init(count: Int, floor: () -> Void, work: () async -> Void) async {
    let before = Self.processorTime()
    floor()
    let between = Self.processorTime()
    await work()
    let after = Self.processorTime()
    cost = Double(after - between) / Double(count)
    self.floor = Double(between - before) / Double(count)
  }

  /// Prints the medians of several runs as a line.
  static func report(_ name: String, _ runs: [Self]) {
    let cost = median(runs.map(\.cost))
    let floor = median(runs.map(\.floor))
    let ratio = median(runs.map { $0.cost / max($0.floor, 0.001) })
    print(padded(name, 36), padded(decimals(cost), 10), padded(decimals(floor), 10), decimals(ratio))
  }

  private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

  private static func decimals(_ value: Double) -> String { String((value * 100).rounded() / 100) }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private static func processorTime() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1_000_000 + Int(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
  }
}
